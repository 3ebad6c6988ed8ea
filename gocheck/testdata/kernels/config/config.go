// Package config loads its settings once, at the first question.
package config

import "sync"

type config struct {
	load   sync.Once
	region string
	url    string
}

// urlBroken asks for the region, which waits for the load that asks.
func (c *config) urlBroken() string {
	c.load.Do(func() { // BUG deadlock: the function of Do calls Do of the same Once
		c.region = "north"
		c.url = "https://" + c.regionBroken() + ".test"
	})
	return c.url
}

func (c *config) regionBroken() string {
	_ = c.urlBroken()
	return c.region
}

// urlFixed uses the region that it has just set.
func (c *config) urlFixed() string {
	c.load.Do(func() {
		c.region = "north"
		c.url = "https://" + c.region + ".test"
	})
	return c.url
}
