package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/pflag"
)

// A link says where NATS is, and with which name and credentials to connect.
type link struct {
	url, creds, token string
	ca, cert, key     string
	ackWait           time.Duration
}

// tokenVariable has the token where no flag does: others can read a command line.
const tokenVariable = "CROSSCALL_NATS_TOKEN"

func (l *link) register(flags *pflag.FlagSet) {
	flags.StringVar(&l.url, "nats", "", "use the NATS servers at `URL`, several separated by commas")
	flags.StringVar(&l.creds, "creds", "", "log in with the credentials in `FILE`")
	flags.StringVar(&l.token, "token", "", "log in with `TOKEN` (default $"+tokenVariable+")")
	flags.StringVar(&l.ca, "tlsca", "", "trust the certificates in `FILE`")
	flags.StringVar(&l.cert, "tlscert", "", "show the certificate in `FILE`")
	flags.StringVar(&l.key, "tlskey", "", "its key is in `FILE`")
	flags.DurationVar(&l.ackWait, "ack-wait", 15*time.Second, "give a unit to another worker if its own says nothing for this long")
}

func (l *link) validate() error {
	switch {
	case (l.cert == "") != (l.key == ""):
		return errors.New("--tlscert and --tlskey go together")
	case l.ackWait < 100*time.Millisecond:
		return fmt.Errorf("--ack-wait %v: must be at least 100ms", l.ackWait)
	}
	return nil
}

// dial connects. A lost connection is made again, however long that takes.
func (l *link) dial(name string, more ...nats.Option) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond),
		nats.PingInterval(10 * time.Second), nats.Timeout(5 * time.Second),
		// Its default prints to stderr what is no news here: what cannot be reached is tried again.
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}),
	}
	if token := cmp.Or(l.token, os.Getenv(tokenVariable)); token != "" {
		options = append(options, nats.Token(token))
	}
	if l.creds != "" {
		options = append(options, nats.UserCredentials(l.creds))
	}
	if l.ca != "" {
		options = append(options, nats.RootCAs(l.ca))
	}
	if l.cert != "" {
		options = append(options, nats.ClientCert(l.cert, l.key))
	}
	nc, err := nats.Connect(l.url, append(options, more...)...)
	if err != nil {
		return nil, fmt.Errorf("--nats %s: %w", l.url, err)
	}
	return nc, nil
}

// Names of subjects, streams and stores on the server.
const (
	unitStream   = "CROSSCALL"
	unitSubject  = "crosscall.unit."   // BUILD.JOB
	askSubject   = "crosscall.workers" // each worker answers with its build
	endSubject   = "crosscall.end."    // JOB: it is over
	bucketPrefix = "crosscall-"        // JOB
)

// forget is how long the server keeps what an interrupted job has found.
const forget = 7 * 24 * time.Hour

// units makes the stream of units, if it is not there.
func (l *link) units(ctx context.Context, js jetstream.JetStream, storage jetstream.StorageType) error {
	_, err := js.CreateStream(ctx, jetstream.StreamConfig{
		Name: unitStream, Subjects: []string{unitSubject + ">"}, Retention: jetstream.WorkQueuePolicy,
		Storage: storage, MaxAge: forget, Duplicates: time.Minute,
	})
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return nil
	}
	return err
}

// queue is the consumer that all workers of a build share.
func (l *link) queue(ctx context.Context, js jetstream.JetStream, build string) (jetstream.Consumer, error) {
	return js.CreateOrUpdateConsumer(ctx, unitStream, jetstream.ConsumerConfig{
		Durable: "workers-" + build, FilterSubject: unitSubject + build + ".>",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: l.ackWait, MaxDeliver: -1, MaxAckPending: 100_000,
	})
}
