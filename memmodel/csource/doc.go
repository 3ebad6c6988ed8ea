// Package csource reads kernel-style C, and C11 with pthreads.
package csource
