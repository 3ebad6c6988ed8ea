package crosscall

import (
	"reflect"
	"unsafe"

	"crosscall/internal/callqueue"
)

const wordSize = 8

// layout maps the words of a value to a payload, in which references are
// separate from other words.
type layout struct {
	fits  bool
	words int // if there are references; without any the value is copied whole
	refs  uint64
}

func layoutOf[T any]() layout {
	var p callqueue.Payload
	t := reflect.TypeFor[T]()
	words := t.Size() / wordSize
	if words > uintptr(len(p.Refs)+len(p.Words)) {
		return layout{}
	}
	refs, n := references(t, 0)
	if n == 0 {
		return layout{fits: t.Size() <= unsafe.Sizeof(p.Words)}
	}
	return layout{
		fits:  unsafe.Sizeof(uintptr(0)) == wordSize && n <= len(p.Refs) && int(words)-n <= len(p.Words),
		words: int(words),
		refs:  refs,
	}
}

// references has a bit for each word of a value of type t at the given offset that
// is a reference, and their number.
func references(t reflect.Type, offset uintptr) (refs uint64, n int) {
	if t.Size() == 0 {
		return 0, 0
	}
	word := offset / wordSize
	switch t.Kind() {
	case reflect.Pointer, reflect.UnsafePointer, reflect.Map, reflect.Chan, reflect.Func, reflect.String, reflect.Slice:
		return 1 << word, 1
	case reflect.Interface:
		return 3 << word, 2
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			r, k := references(field.Type, offset+field.Offset)
			refs, n = refs|r, n+k
		}
	case reflect.Array:
		for i := range t.Len() {
			r, k := references(t.Elem(), offset+uintptr(i)*t.Elem().Size())
			refs, n = refs|r, n+k
		}
	}
	return refs, n
}

// pack copies *v, of layout l, to p, whose references must all be nil.
func pack[T any](l *layout, v *T, p *callqueue.Payload) {
	if l.refs == 0 {
		*(*T)(unsafe.Pointer(&p.Words)) = *v
		return
	}
	ref, word := 0, 0
	for i := range l.words {
		at := unsafe.Add(unsafe.Pointer(v), i*wordSize)
		if l.refs>>i&1 != 0 {
			p.Refs[ref] = *(*unsafe.Pointer)(at)
			ref++
		} else {
			p.Words[word] = *(*uint64)(at)
			word++
		}
	}
}

// unpack copies back what pack has copied.
func unpack[T any](l *layout, p *callqueue.Payload, v *T) {
	if l.refs == 0 {
		*v = *(*T)(unsafe.Pointer(&p.Words))
		return
	}
	ref, word := 0, 0
	for i := range l.words {
		at := unsafe.Add(unsafe.Pointer(v), i*wordSize)
		if l.refs>>i&1 != 0 {
			*(*unsafe.Pointer)(at) = p.Refs[ref]
			ref++
		} else {
			*(*uint64)(at) = p.Words[word]
			word++
		}
	}
}
