// Package docs holds the documents. Its tests run the commands that they show, and
// follow their links.
package docs
