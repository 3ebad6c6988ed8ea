// Package browsertest has the tests of the page and of the viewer in a real browser, by
// clicks. They need Chromium, and are skipped where there is none.
package browsertest
