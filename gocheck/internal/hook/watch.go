package hook

// watch looks after goroutines that really wait.
func watch() (stop func()) { return func() {} }
