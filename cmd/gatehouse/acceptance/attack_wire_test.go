package acceptance

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/cmd/internal/running"
)

// wireHost is the Host that the attacks send.
const wireHost = "Host: gate.test"

// dial opens a connection to the server on which bytes are sent as they are.
func (s *server) dial(t testing.TB) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(running.Patience))
	return conn.(*net.TCPConn)
}

// exchange sends bytes on a connection of its own, and reads every answer until the server
// closes it. Methods are those of the requests in order, as far as it matters: an answer to
// HEAD has no body.
func (s *server) exchange(t testing.TB, raw string, methods ...string) []answer {
	t.Helper()
	conn := s.dial(t)
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, raw) // the server may have refused it before its end
	_ = conn.CloseWrite()
	answers, err := readAnswers(conn, methods...)
	if err != nil {
		t.Fatalf("after %d answers: %v", len(answers), err)
	}
	return answers
}

// readAnswers reads answers to the end, leaving out those that are not final.
func readAnswers(conn io.Reader, methods ...string) (answers []answer, err error) {
	for from := bufio.NewReader(conn); ; {
		if _, err := from.Peek(1); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return answers, err
		}
		methods = append(methods, http.MethodGet)
		got, err := http.ReadResponse(from, &http.Request{Method: methods[0]})
		if err != nil {
			return answers, err
		}
		body, err := io.ReadAll(got.Body)
		if err != nil {
			return answers, err
		}
		if got.StatusCode >= 200 {
			answers, methods = append(answers, answer{got.StatusCode, got.Header, body}), methods[1:]
		}
	}
}

// ask sends one request, and expects one answer.
func (s *server) ask(t testing.TB, raw string) answer {
	t.Helper()
	method, _, _ := strings.Cut(raw, " ")
	answers := s.exchange(t, raw, method)
	if len(answers) != 1 {
		t.Fatalf("%d answers to %.200q, want one", len(answers), raw)
	}
	return answers[0]
}

// wireGet and wirePost are requests on the wire. Headers are whole lines.
func wireGet(path string, headers ...string) string {
	return "GET " + path + " HTTP/1.1\r\n" + wireHost + "\r\n" + lines(headers) + "\r\n"
}

// wirePost sends JSON, unless a header says what else it is.
func wirePost(path, body string, headers ...string) string {
	if body != "" && !strings.Contains(strings.ToLower(lines(headers)), "content-type:") {
		headers = append([]string{"Content-Type: application/json"}, headers...)
	}
	return "POST " + path + " HTTP/1.1\r\n" + wireHost + "\r\n" + lines(headers) +
		"Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
}

func lines(headers []string) (text string) {
	for _, line := range headers {
		text += line + "\r\n"
	}
	return text
}

// statuses are those of the answers, in order.
func statuses(answers []answer) (all []int) {
	for _, a := range answers {
		all = append(all, a.status)
	}
	return all
}
