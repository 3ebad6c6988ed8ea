package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A block is a fenced code block of a document. The first word of its info string is
// the language; the others are attributes, as in
//
//	```console slow
//	```c file=mp.c
type block struct {
	doc, lang  string
	line       int // of the first line of the text
	attributes map[string]string
	text       []string
}

func (b *block) String() string { return fmt.Sprintf("%s:%d", b.doc, b.line) }

func (b *block) is(attribute string) bool {
	_, ok := b.attributes[attribute]
	return ok
}

// readBlocks returns the fenced blocks of a document in their order.
func readBlocks(doc string) (all []*block, err error) {
	data, err := os.ReadFile(filepath.Join(root, doc))
	if err != nil {
		return nil, err
	}
	var open *block
	for i, line := range strings.Split(string(data), "\n") {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && open == nil:
			open = newBlock(doc, i+2, info)
		case fence:
			all = append(all, open)
			open = nil
		case open != nil:
			open.text = append(open.text, line)
		}
	}
	if open != nil {
		return nil, fmt.Errorf("%v: the block has no end", open)
	}
	return all, nil
}

func newBlock(doc string, line int, info string) *block {
	b := &block{doc: doc, line: line, attributes: map[string]string{}}
	for i, word := range strings.Fields(info) {
		if i == 0 {
			b.lang = word
			continue
		}
		name, value, _ := strings.Cut(word, "=")
		b.attributes[name] = value
	}
	return b
}

// A command is one of a console block, with the output that the document shows.
type command struct {
	line   int // within the block
	text   string
	output []string
}

// commands are those of a console block: lines that begin with "$ ", each with the
// lines that follow.
func (b *block) commands() (all []command, err error) {
	for i := 0; i < len(b.text); i++ {
		text, ok := strings.CutPrefix(b.text[i], "$ ")
		if !ok {
			if len(all) == 0 {
				return nil, fmt.Errorf("%v: a console block begins with a command, \"$ ...\"", b)
			}
			last := &all[len(all)-1]
			last.output = append(last.output, b.text[i])
			continue
		}
		c := command{line: i, text: text}
		for strings.HasSuffix(b.text[i], `\`) && i+1 < len(b.text) {
			i++
			c.text += "\n" + b.text[i]
		}
		all = append(all, c)
	}
	return all, nil
}
