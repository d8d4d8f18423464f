package acceptance

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
	s.sendsSecretsInAddresses()
	s.sendsSecretsInBodies()
	s.sendsSecretsInHeaders()
	s.sendsSecretsInCookies()
}

func (s *story) sendsSecretsInAddresses() {
	path := "/accounts/" + url.PathEscape(s.add("a password in the path")) + "/"
	s.send(newBrowser(), 404, http.MethodGet, path, nil, "")
	query := "?password=" + url.QueryEscape(s.add("a password in the query"))
	s.send(newBrowser(), 400, http.MethodPost, tokenPath+query, nil, "")
}

// badBodies are JSON that is refused; the secret stands in its strings.
var badBodies = map[string]string{
	"half an object":   `{"username":"hana@shop.test","password":"%s`,
	"a name":           `{"%s":1}`,
	"a list":           `["%s"]`,
	"a text":           `"%s"`,
	"twice":            `{"password":"%[1]s","password":"%[1]s"}`,
	"an object":        `{"username":"hana@shop.test","password":{"%s":1}}`,
	"a bare word":      `%s`,
	"a NUL":            `{"username":"hana@shop.test","password":"%s\u0000"}`,
	"half a character": `{"username":"%s\ud800","password":"x"}`,
	"deep":             strings.Repeat("[", 2000) + `"%s"`,
}

func (s *story) sendsSecretsInBodies() {
	b := newBrowser()
	refuse := func(status int, contentType, body string) {
		s.t.Helper()
		s.send(b, status, http.MethodPost, tokenPath, http.Header{"Content-Type": {contentType}}, body)
	}
	for what, body := range badBodies {
		secret, _ := json.Marshal(s.add("a password in a body that is " + what)) // a string can be encoded
		refuse(400, "application/json", fmt.Sprintf(body, strings.Trim(string(secret), `"`)))
	}
	refuse(400, "application/x-www-form-urlencoded", "password=%zz"+s.add("a password in a bad form"))
	refuse(400, "multipart/form-data; boundary=b",
		"--b\r\nContent-Disposition: form-data; name=\"password\"; filename=\""+s.add("a file")+"\"\r\n\r\n"+s.add("in a file"))
	refuse(415, s.add("a content type"), "x")
	refuse(413, "application/json", `{"password":"`+strings.Repeat(s.add("a body that is too large"), 3000))
}

func (s *story) sendsSecretsInHeaders() {
	b := newBrowser()
	refuse := func(status int, method, path, name, value string) {
		s.t.Helper()
		s.send(b, status, method, path, http.Header{name: {value}, "Content-Type": {"application/json"}, "Cookie": {"access_token=x"}}, "{}")
	}
	for _, name := range []string{"Referer", "X-Request-Id", "X-Forwarded-For", "Forwarded", "Accept"} {
		refuse(401, http.MethodGet, "/accounts/me/", name, s.add("in the header "+name))
	}
	refuse(403, http.MethodPost, "/accounts/logout/", "Origin", s.add("an origin"))
	refuse(400, http.MethodPost, tokenPath, "X-Token-Transport", s.add("a transport"))
	refuse(415, http.MethodPost, tokenPath, "Content-Encoding", s.add("an encoding"))
	for _, scheme := range []string{"Bearer ", "Basic ", "Token ", ""} {
		secret := s.add("in Authorization " + scheme)
		refuse(401, http.MethodGet, "/accounts/me/", "Authorization", scheme+secret)
		refuse(401, http.MethodGet, "/accounts/me/", "Authorization", scheme+base64.StdEncoding.EncodeToString([]byte("hana:"+secret)))
	}
}

func (s *story) sendsSecretsInCookies() {
	for pair, status := range map[string]int{
		"access_token=%s": 400, "refresh_token=%s": 401, "other=%s": 400, "refresh_token=a; refresh_token=%s": 400,
	} {
		cookie := http.Header{"Cookie": {fmt.Sprintf(pair, url.PathEscape(s.add("in the cookie "+pair)))}}
		s.send(newBrowser(), status, http.MethodPost, tokenPath+"refresh/", cookie, "")
		s.send(newBrowser(), 401, http.MethodGet, "/accounts/me/", cookie, "")
	}
}
