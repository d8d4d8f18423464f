package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/valyala/fasthttp"
)

// subject sends requests over so many connections.
func (t target) subject(connections int) subject {
	client := &fasthttp.HostClient{Addr: strings.TrimPrefix(t.server.URL, "http://"), MaxConns: connections}
	return subject{t.name, t.server.Pid(), connections, func(n int) work { return t.requests(client, n) }}
}

// requests sends those of the n-th connection, one at a time.
func (t target) requests(client *fasthttp.HostClient, n int) work {
	request, response := &fasthttp.Request{}, &fasthttp.Response{}
	t.prepare(request, n)
	return func() error {
		if err := client.Do(request, response); err != nil {
			return err
		}
		if response.StatusCode() != fasthttp.StatusOK {
			return fmt.Errorf("status %d", response.StatusCode())
		}
		if t.answered == nil {
			return nil
		}
		if err := t.answered(n, response.Body()); err != nil {
			return err
		}
		t.prepare(request, n)
		return nil
	}
}

func (t target) prepare(request *fasthttp.Request, n int) {
	body, authorization := t.request(n)
	request.SetRequestURI(t.server.URL + t.path)
	request.Header.SetMethod(t.method)
	if body != nil {
		request.Header.SetContentType("application/json")
		request.SetBody(body)
	}
	if t.path == guardPath {
		request.Header.Set("X-Original-Method", http.MethodGet)
		request.Header.Set("X-Original-URL", "https://shop.example/api/jobs/?status=open")
	}
	if authorization != "" {
		request.Header.Set(fasthttp.HeaderAuthorization, authorization)
	}
}
