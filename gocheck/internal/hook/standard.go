package hook

// standard has the packages of the standard library. The overlay puts the list
// of its Go version here.
var standard = map[string]bool{}
