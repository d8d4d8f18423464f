package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// A server is one process.
type server struct {
	name     string
	command  *exec.Cmd
	url      string
	startUp  time.Duration // from exec to the first answer
	sessions []tokens      // the n-th is the n-th connection's
}

// stop lets the process write down what it holds, for the data folder may be somebody's.
func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	_ = s.command.Wait()
}

func startLimit(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, self, limitMode)
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	return &server{name: "limit", command: command, url: "http://" + string(bytes.TrimSpace([]byte(address)))}, err
}

// An installation is the service with its data folder.
type installation struct {
	binary, dir string
	rotate      string // ROTATE_REFRESH_TOKENS
	throttle    string // GATEHOUSE_THROTTLE; "" for its default
}

func (i installation) environment() []string {
	return append(os.Environ(),
		"GATEHOUSE_THROTTLE="+cmp.Or(i.throttle, "on"),
		"GATEHOUSE_DATA_DIR="+i.dir,
		"GATEHOUSE_LISTEN=127.0.0.1:0",
		"SECRET_KEY="+sharedSecret,
		"ROTATE_REFRESH_TOKENS="+i.rotate,
		"ACCESS_TOKEN_LIFETIME=12h", // longer than any run
	)
}

// start brings in people, serves, and signs them in for so many sessions.
func (i installation) start(ctx context.Context, name string, sessions int) (*server, error) {
	if err := i.importPeople(ctx, lastNewcomer(sessions)); err != nil {
		return nil, err
	}
	s, err := i.serve(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if s.sessions, err = signInAll(s.url, sessions); err != nil {
		s.stop()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

func (i installation) serve(ctx context.Context, name string) (*server, error) {
	command := exec.CommandContext(ctx, i.binary, "serve")
	command.Env = i.environment()
	log, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := command.Start(); err != nil {
		return nil, err
	}
	s := &server{name: name, command: command}
	address, err := listening(log)
	if err == nil {
		s.url = "http://" + address
		err = firstAnswer(ctx, s.url+"/healthz")
	}
	s.startUp = time.Since(begin)
	if err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// listening reads the log up to the address, and throws the rest away as it comes.
func listening(log io.Reader) (string, error) {
	lines, last := bufio.NewScanner(log), ""
	for lines.Scan() {
		last = lines.Text()
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return line.Address, nil
		}
	}
	return "", fmt.Errorf("the service has not come up: %s", last)
}

// patience is how long a server may take from listening to answering.
const patience = 30 * time.Second

// firstAnswer asks until the answer is 200.
func firstAnswer(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s has not answered: %w", url, ctx.Err())
		}
		time.Sleep(time.Millisecond)
	}
}
