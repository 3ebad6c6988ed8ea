package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"

	"crosscall/cmd/internal/cli"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nuid"
	"github.com/spf13/cobra"
)

// A local cluster is a server in this process, on loopback, with workers that are
// processes of this machine.
type local struct {
	url, token string
	stop       func()
}

// serve begins a server. A port of 0 is any.
func serve(host string, port int, folder, token string) (*server.Server, error) {
	if port == 0 {
		port = server.RANDOM_PORT
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "crosscall", Host: host, Port: port, JetStream: true, StoreDir: folder, Authorization: token,
		MaxPayload: 8 << 20, NoSigs: true, NoLog: true,
	})
	if err != nil {
		return nil, err
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		s.Shutdown()
		return nil, fmt.Errorf("a server on %s does not begin: is %d in use?", host, port)
	}
	return s, nil
}

// beginLocal begins a server and workers.
func beginLocal(workers int) (*local, error) {
	folder, err := os.MkdirTemp("", "crosscall-cluster-")
	if err != nil {
		return nil, err
	}
	l := &local{token: nuid.Next()}
	s, err := serve("127.0.0.1", 0, folder, l.token)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	l.url = "nats://" + s.Addr().String()
	ends, err := beginWorkers(workers, l)
	l.stop = func() {
		for _, end := range ends {
			end()
		}
		s.Shutdown()
		_ = os.RemoveAll(folder)
	}
	if err != nil {
		l.stop()
		return nil, err
	}
	return l, nil
}

func beginWorkers(n int, l *local) (ends []func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for range n {
		cmd := exec.Command(self, "worker", "--nats", l.url, "--slots", "1", "--quiet", "--"+withParentFlag)
		cmd.Env = append(os.Environ(), tokenVariable+"="+l.token, "GOMAXPROCS="+strconv.Itoa(2))
		cmd.Stderr = os.Stderr
		alive, err := cmd.StdinPipe()
		if err != nil {
			return ends, err
		}
		if err := cmd.Start(); err != nil {
			return ends, err
		}
		ends = append(ends, func() {
			_ = alive.Close() // ends it
			_ = cmd.Wait()
		})
	}
	return ends, nil
}

// withParentFlag makes a worker end at the end of its standard input, because its parent has
// ended then.
const withParentFlag = "with-parent"

// untilParentEnds returns a context that ends when the parent process does.
func untilParentEnds(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return ctx
}

func serverCommand() *cobra.Command {
	var listen, folder, token string
	cmd := &cobra.Command{
		Use:   "server --store DIR",
		Short: "Run a NATS server with JetStream, as nats-server -js does",
		Long: `Run a NATS server with JetStream, for a cluster that has none. It is the server
of github.com/nats-io/nats-server without its configuration: for TLS, accounts and several
servers run nats-server itself.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			host, port, err := net.SplitHostPort(listen)
			if err != nil {
				return cli.Usage(fmt.Errorf("--listen: %w", err))
			}
			n, err := strconv.Atoi(port)
			if err != nil || folder == "" {
				return cli.Usage(errors.New("a server needs --listen HOST:PORT and --store DIR"))
			}
			if token == "" {
				token = os.Getenv(tokenVariable)
			}
			s, err := serve(host, n, folder, token)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "nats://%s\n", s.Addr())
			<-cmd.Context().Done()
			s.Shutdown()
			s.WaitForShutdown()
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&listen, "listen", "127.0.0.1:4222", "listen at `HOST:PORT`; port 0 is any")
	flags.StringVar(&folder, "store", "", "keep streams in `DIR`")
	flags.StringVar(&token, "token", "", "let in whoever has `TOKEN` (default $"+tokenVariable+")")
	return cmd
}
