package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"path"
	"strings"

	"crosscall/cmd/crosscall/internal/page"
)

// A file of the page.
type file struct {
	text, packed []byte
	kind         string // the media type
	tag          string
}

func newFile(name string, text []byte) (*file, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return &file{text, b.Bytes(), page.MediaType(name), base64.RawURLEncoding.EncodeToString(sum[:12])}, nil
}

func (s *server) file(w http.ResponseWriter, r *http.Request) {
	name := path.Clean(r.URL.Path)[1:]
	if name == "" {
		name = "index.html"
	}
	f, ok := s.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	text, tag := f.text, `"`+f.tag+`"`
	h := w.Header()
	if takesGzip(r.Header.Get("Accept-Encoding")) && len(f.packed) < len(f.text) {
		text, tag = f.packed, `"`+f.tag+`-gzip"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(text) // an error: the client has gone
}

// takesGzip reports whether a client that sends this header Accept-Encoding takes gzip.
func takesGzip(accepted string) bool {
	for coding := range strings.SplitSeq(accepted, ",") {
		name, quality, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			quality = strings.ReplaceAll(quality, " ", "")
			return strings.Trim(quality, "0.") != "q="
		}
	}
	return false
}
