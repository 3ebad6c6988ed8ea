// Package early starts a goroutine while it is initialized, and goes on.
package early

var price, rebate int

func init() {
	price = 1
	ready := make(chan bool)
	go func() {
		price++
		<-ready
		rebate = price
	}()
	rebate = 1
	close(ready)
	rebate = 2 // nothing orders this with the goroutine
}
