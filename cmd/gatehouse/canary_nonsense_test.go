package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// sendsNonsense puts secrets where none are expected.
func (s *story) sendsNonsense() {
	b := newBrowser()
	typed := func(contentType string) http.Header { return http.Header{"Content-Type": {contentType}} }
	with := func(name, value string) http.Header {
		return http.Header{name: {value}, "Content-Type": {"application/json"}}
	}
	escaped := url.PathEscape(s.add("a password in the path"))
	s.send(b, 404, http.MethodGet, "/accounts/"+escaped+"/", nil, "")
	s.send(b, 400, http.MethodPost, tokenPath+"?password="+url.QueryEscape(s.add("a password in the query")), nil, "")
	for what, body := range map[string]string{
		"half an object": `{"username":"hana@shop.test","password":"%s`, "a name": `{"%s":1}`, "a list": `["%s"]`, "a text": `"%s"`,
		"twice": `{"password":"%[1]s","password":"%[1]s"}`, "an object": `{"username":"hana@shop.test","password":{"%s":1}}`,
		"a bare word": `%s`, "a NUL": `{"username":"hana@shop.test","password":"%s\u0000"}`, "half a character": `{"username":"%s\ud800","password":"x"}`,
		"deep": strings.Repeat("[", 2000) + `"%s"`,
	} {
		secret, _ := json.Marshal(s.add("a password in a body that is " + what))
		s.send(b, 400, http.MethodPost, tokenPath, typed("application/json"), fmt.Sprintf(body, strings.Trim(string(secret), `"`)))
	}
	s.send(b, 400, http.MethodPost, tokenPath, typed("application/x-www-form-urlencoded"), "password=%zz"+s.add("a password in a bad form"))
	s.send(b, 400, http.MethodPost, tokenPath, typed("multipart/form-data; boundary=b"),
		"--b\r\nContent-Disposition: form-data; name=\"password\"; filename=\""+s.add("a file")+"\"\r\n\r\n"+s.add("in a file"))
	s.send(b, 415, http.MethodPost, tokenPath, typed(s.add("a content type")), "x")
	s.send(b, 415, http.MethodPost, tokenPath, http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {s.add("an encoding")}}, "{}")
	s.send(b, 413, http.MethodPost, tokenPath, typed("application/json"), `{"password":"`+strings.Repeat(s.add("a body that is too large"), 3000))

	for name, status := range map[string]int{"Referer": 401, "X-Request-Id": 401, "X-Forwarded-For": 401, "Forwarded": 401, "Accept": 401} {
		s.send(b, status, http.MethodGet, "/accounts/me/", with(name, s.add("in the header "+name)), "")
	}
	s.send(b, 403, http.MethodPost, "/accounts/logout/", http.Header{"Cookie": {"access_token=x"}, "Origin": {s.add("an origin")}}, "")
	s.send(b, 400, http.MethodPost, tokenPath, with("X-Token-Transport", s.add("a transport")), "{}")
	for _, scheme := range []string{"Bearer ", "Basic ", "Token ", ""} {
		secret := s.add("in Authorization " + scheme)
		s.send(b, 401, http.MethodGet, "/accounts/me/", with("Authorization", scheme+secret), "")
		s.send(b, 401, http.MethodGet, "/accounts/me/", with("Authorization", scheme+base64.StdEncoding.EncodeToString([]byte("hana:"+secret))), "")
	}
	for _, pair := range []string{"access_token=%s", "refresh_token=%s", "other=%s", "access_token=a; access_token=%s"} {
		cookie := fmt.Sprintf(pair, url.PathEscape(s.add("in the cookie "+pair)))
		got, err := b.send(http.MethodPost, s.server.url+tokenPath+"refresh/", http.Header{"Cookie": {cookie}}, "")
		if err != nil || got.status < 400 {
			s.t.Errorf("with the cookie %s the status is %d, %v", pair, got.status, err)
		}
		_, _ = b.send(http.MethodGet, s.server.url+"/accounts/me/", http.Header{"Cookie": {cookie}}, "")
	}
}
