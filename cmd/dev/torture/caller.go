package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"gatehouse/cmd/internal/running"
)

// A caller sends requests to one server. It may be used concurrently.
type caller struct {
	url  string
	http *http.Client
}

func newCaller(url string) *caller {
	return &caller{url, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: racers}, Timeout: running.Patience}}
}

func (c *caller) close() { c.http.CloseIdleConnections() }

// An answer is what has come back whole.
type answer struct {
	status     int
	requestID  string
	retryAfter string
	body       []byte
}

// call sends one request. An error means that nobody knows whether it has been done.
func (c *caller) call(ctx context.Context, method, path, bearer string, fields map[string]string) (answer, error) {
	body, err := json.Marshal(fields)
	if err != nil {
		return answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	received, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header.Get("X-Request-Id"), response.Header.Get("Retry-After"), received}, err
}

func (c *caller) post(ctx context.Context, path string, fields map[string]string) (answer, error) {
	return c.call(ctx, http.MethodPost, path, "", fields)
}

func (c *caller) get(ctx context.Context, path, bearer string) (answer, error) {
	return c.call(ctx, http.MethodGet, path, bearer, nil)
}

// The endpoints.
const (
	pathToken     = "/accounts/api/token/"
	pathRefresh   = "/accounts/api/token/refresh/"
	pathBlacklist = "/accounts/api/token/blacklist/"
	pathPassword  = "/accounts/api/password/change/"
	pathSessions  = "/accounts/api/sessions/"
	pathLogout    = "/accounts/logout/"
	pathMe        = "/accounts/me/"
)

// A pair is what a sign-in or a refresh gives.
type pair struct {
	Access  string `json:"access"`
	Refresh string `json:"refresh"`
}

// pairOf reads the tokens of an answer, and what the refresh token says of its session.
func pairOf(a answer) (p pair, sid string, generation int64, err error) {
	if err := json.Unmarshal(a.body, &p); err != nil {
		return p, "", 0, err
	}
	parts := strings.Split(p.Refresh, ".")
	if len(parts) != 3 {
		return p, "", 0, fmt.Errorf("there is no refresh token in %d bytes", len(a.body))
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return p, "", 0, err
	}
	var claims struct {
		Session    string `json:"sid"`
		Generation int64  `json:"gen"`
	}
	err = json.Unmarshal(text, &claims)
	return p, claims.Session, claims.Generation, err
}
