//go:build gocheck

package main

func main() {}
