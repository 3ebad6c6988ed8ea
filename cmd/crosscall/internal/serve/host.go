package serve

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// named refuses requests for a host that this server is not.
//
// Claim: no page of another site can read an answer by rebinding its name to an address of
// this server.
//
// Proof: the browser sends that name as the host, and takes the page to be of its own site,
// so that no check of the origin helps. The name is none of Hosts. It is no address either:
// of an address there is nothing to rebind. Names below localhost are always local.
func (s *server) named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.isNamed(r.Host) {
			http.Error(w, "this server has another name: crosscall serve --host NAME gives it one", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *server) isNamed(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || slices.Contains(s.Hosts, host)
}
