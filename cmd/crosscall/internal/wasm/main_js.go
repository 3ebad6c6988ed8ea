// Command wasm is the checker for a worker of a browser, in the static form of the page.
// It defines crosscallAnswer(request, tell): request is the text of a page.Request, and tell
// is called with the text of page.Messages, the last of which has the reply.
//
// The worker has one thread, and is blocked until the reply is there: to cancel a request,
// end the worker.
package main

import (
	"context"
	"runtime/debug"
	"syscall/js"

	"crosscall/cmd/crosscall/internal/page"
)

// memory is what a check may take: a tab has 4 GB at most, and a phone less.
const memory = 1 << 30

func main() {
	debug.SetGCPercent(400)
	js.Global().Set("crosscallAnswer", js.FuncOf(func(_ js.Value, args []js.Value) any {
		request, to := []byte(args[0].String()), args[1]
		go answer(request, to)
		return nil
	}))
	js.Global().Call("crosscallReady")
	select {}
}

func answer(request []byte, to js.Value) {
	reply := page.Answer(context.Background(), request, page.Limits{Memory: memory}, func(p *page.Progress) {
		send(to, page.Message{Progress: p})
	})
	send(to, page.Message{Reply: reply})
}

func send(to js.Value, m page.Message) {
	text, err := m.JSON()
	if err != nil {
		text = []byte(`{"reply":{"error":{"message":"the reply cannot be written"}}}`)
	}
	to.Invoke(string(text))
}
