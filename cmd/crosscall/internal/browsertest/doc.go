// Package browsertest has the tests of the page and of the viewer in a real browser, by
// clicks. They need Chromium, and are skipped where there is none. What drives it is large; so they are
// a module of their own.
package browsertest
