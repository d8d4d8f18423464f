package program

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"gatehouse/cmd/gatehouse/internal/config"
)

var errNotHealthy = errors.New("the service does not answer as it should")

const healthTimeout = 5 * time.Second

func healthcheckCommand() *command {
	return &command{
		name:    "healthcheck",
		summary: "ask the running service whether it can do its work",
		description: `Asks /readyz of the service that listens at GATEHOUSE_LISTEN, which reads the database,
writes to it, and looks whether there is room, and waits five seconds at most.`,
		signsNothing: true,
		check:        noArguments,
		Run: func(ctx context.Context, s *config.Settings, p Process, _ []string) error {
			ctx, cancel := context.WithTimeout(ctx, healthTimeout)
			defer cancel()
			if err := askReadiness(ctx, s.Listen); err != nil {
				return err
			}
			_, err := fmt.Fprintln(p.Stdout, "ready")
			return err
		},
	}
}

func askReadiness(ctx context.Context, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return err
	}
	if host == "" || host == "0.0.0.0" || host == "::" { // every address; ask at ours
		host = "localhost"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", errNotHealthy, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: status %d: its log says why within a minute", errNotHealthy, response.StatusCode)
	}
	return nil
}
