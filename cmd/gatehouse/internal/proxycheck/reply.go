package proxycheck

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"gatehouse/adapters/fiberhttp/proof"
)

// patience is how long a proxy may take for one answer.
const patience = 10 * time.Second

// client follows no redirect: what matters is who has answered.
var client = &http.Client{
	Timeout:       patience,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// A source is who has answered.
type source string

const (
	ours   source = "Gatehouse"
	guards source = "the guard"
	others source = "another program"
	nobody source = "nobody"
)

// A reply is what came back.
type reply struct {
	status int
	header http.Header
	said   proof.Statement
	proven bool
	err    error
}

// ask sends a request with a question of its own. headers are names and values in turn.
func (c Check) ask(ctx context.Context, method, address string, headers ...string) reply {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return reply{err: err}
	}
	question := proof.Ask(c.Key)
	request.Header.Set(proof.Header, question.Value())
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header[headers[i]] = []string{headers[i+1]} // Set would write Remote_User in another way
	}
	response, err := client.Do(request)
	if err != nil {
		return reply{err: err}
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20)) // so that the connection can be used again
	_ = response.Body.Close()
	said, proven := question.Read(response.Header.Get(proof.Header))
	return reply{status: response.StatusCode, header: response.Header, said: said, proven: proven}
}

func (r reply) from() source {
	switch {
	case r.err != nil:
		return nobody
	case r.proven && r.said.Listener == "site":
		return ours
	case r.proven:
		return guards
	}
	return others
}

// unavailable reports whether the proxy has found nobody behind it.
func (r reply) unavailable() bool {
	return r.status == http.StatusBadGateway || r.status == http.StatusServiceUnavailable || r.status == http.StatusGatewayTimeout
}

func (r reply) String() string {
	if r.err != nil {
		return fmt.Sprintf("nobody (%v)", r.err)
	}
	return fmt.Sprintf("%s, with status %d", r.from(), r.status)
}
