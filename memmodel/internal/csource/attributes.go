package csource

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"crosscall/memmodel/graph"
)

// An attribute that may change what a program does is an error unless it is
// understood. The attributes in this list are understood, or change nothing that
// matters here: the speed of code, its place, warnings, alignment.
var knownAttributes = wordSet(`
	cleanup __crosscall_percpu packed aligned vector_size weak
	always_inline noinline gnu_inline artificial flatten hot cold pure const leaf nothrow noclone optimize
	unused used maybe_unused externally_visible visibility section no_reorder retain
	warn_unused_result deprecated unavailable nonnull returns_nonnull malloc alloc_size alloc_align assume_aligned
	format format_arg sentinel access nonstring fallthrough noreturn error warning diagnose_if designated_init
	counted_by counted_by_ptr element_count may_alias
	no_instrument_function no_sanitize no_sanitize_address no_sanitize_thread no_sanitize_undefined disable_sanitizer_instrumentation
	no_stack_protector no_profile_instrument_function patchable_function_entry no_split_stack zero_call_used_regs
	noderef address_space btf_type_tag btf_decl_tag context force bitwise nocast safe randomize_layout no_randomize_layout
	latent_entropy __no_caller_saved_registers uninitialized overloadable
`)

func wordSet(list string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// plainAttribute is the name of an attribute without the underscores that may be
// around it.
func plainAttribute(name string) string {
	if len(name) > 4 && strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") {
		return name[2 : len(name)-2]
	}
	return name
}

var attributeStart = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b__attribute(__)?\s*\(\s*\(`)
})

// checkAttributes looks at the attributes of a file. text is the preprocessor's
// output for it.
func checkAttributes(file string, src, text []byte) {
	for _, m := range attributeStart().FindAllIndex(text, -1) {
		names := attributeNames(text[m[1]:])
		for _, name := range names {
			if !knownAttributes[plainAttribute(name)] {
				fail(attributePlace(file, src, name), "the attribute %s is not known, and might change what the program does", name)
			}
		}
		if len(names) > 2 { // package cc drops all but the first and the last
			fail(attributePlace(file, src, names[1]), "there are more than two attributes in one list: write an __attribute__ for each")
		}
	}
}

// attributeNames are the names in a list of attributes, up to the parenthesis that
// ends it.
func attributeNames(text []byte) (names []string) {
	depth, start := 0, 0
	add := func(end int) {
		part := string(text[start:end])
		name, _, _ := strings.Cut(part, "(")
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	for i, b := range text {
		switch {
		case b == '(':
			depth++
		case b == ')' && depth > 0:
			depth--
		case b == ')':
			add(i)
			return names
		case b == ',' && depth == 0:
			add(i)
			start = i + 1
		}
	}
	return names
}

// attributePlace is where a file names an attribute first. If only a header names
// it, the place is the first line of the file.
func attributePlace(file string, src []byte, name string) graph.Pos {
	m := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).FindIndex(src)
	if m == nil {
		return graph.Pos{File: shownFile(file), Line: 1, Col: 1}
	}
	line := bytes.LastIndexByte(src[:m[0]], '\n') + 1
	return graph.Pos{File: shownFile(file), Line: 1 + bytes.Count(src[:line], []byte("\n")), Col: 1 + m[0] - line}
}
