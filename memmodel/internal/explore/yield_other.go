//go:build !js

package explore

// yield is for WebAssembly.
func yield() {}
