package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

// natsServer is NATS's own server, built from its module.
func natsServer(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "nats-server")
	out, err := exec.Command("go", "build", "-o", name, "github.com/nats-io/nats-server/v2").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

// TestNATSServer: the server is nats-server in a process of its own, with a token or with TLS
// and certificates on both sides. It is killed in the middle and begins again. What is
// printed is what one machine prints. Whoever has no token or no certificate is refused.
func TestNATSServer(t *testing.T) {
	server := natsServer(t)
	want, wantCode := here(t, workload(t))
	certs := newCertificates(t)
	for _, x := range []struct {
		name           string
		program, login []string
		options        []nats.Option
		refused        []string // flags that are not enough
		why            string
	}{
		{
			"token", []string{"--auth", "a token"}, []string{"--token", "a token"}, []nats.Option{nats.Token("a token")},
			[]string{"--token", "another"}, "authorization",
		},
		{
			"tls", []string{"--tlsverify", "--tlscert", certs.cert, "--tlskey", certs.key, "--tlscacert", certs.ca},
			[]string{"--tlsca", certs.ca, "--tlscert", certs.cert, "--tlskey", certs.key},
			[]nats.Option{nats.RootCAs(certs.ca), nats.ClientCert(certs.cert, certs.key)},
			[]string{"--tlsca", certs.ca}, "tls",
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := &cluster{t: t, folder: t.TempDir(), addr: freeAddress(t), login: x.login, options: x.options}
			c.program = append([]string{server, "-js"}, x.program...)
			c.serve()
			for _, flags := range [][]string{nil, x.refused} {
				p := begin(t, append([]string{"check", "--nats", c.url(), filepath.Join(root, "examples/litmus")}, flags...)...)
				if out, code := p.result(t); code != 2 || !strings.Contains(strings.ToLower(out), x.why) {
					t.Errorf("with %v: exit code %d\n%s", flags, code, out)
				}
			}
			c.workers(2)
			run := begin(t, append(workload(t), c.flags(x.name)...)...)
			at := c.awaitReplies(x.name, 2, run)
			c.server.kill()
			c.serve()
			out, code := run.result(t)
			if out != want || code != wantCode {
				t.Fatalf("exit code %d, want %d; %s\n%s", code, wantCode, differs(out, want), out)
			}
			t.Logf("| nats-server, %s: kill -9; it begins again | after %d replies | the same output, exit code %d |", x.name, at, code)
		})
	}
}

// certificates are files: of an authority, and of a certificate for 127.0.0.1, for servers and
// clients.
type certificates struct{ ca, cert, key string }

func newCertificates(t *testing.T) (c certificates) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, kind string, der []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	newKey := func() *ecdsa.PrivateKey {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caKey, key := newKey(), newKey()
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	c.ca = write("ca.pem", "CERTIFICATE", der, err)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "host"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err = x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	c.cert = write("cert.pem", "CERTIFICATE", der, err)
	der, err = x509.MarshalPKCS8PrivateKey(key)
	c.key = write("key.pem", "PRIVATE KEY", der, err)
	return c
}
