package hook

// standard has the packages of the standard library. The overlay replaces this
// by the list of its Go version.
var standard = map[string]bool{}
