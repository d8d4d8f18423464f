package acceptance

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"gatehouse/adapters/smtpmail/smtptest"
	"gatehouse/domain"
)

// setsUpMail starts a mail server. It is killed in between, so that a link waits in the outbox.
func (s *story) setsUpMail() {
	s.t.Helper()
	cert, key, err := smtptest.NewCertificate(s.t.TempDir(), time.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	password := s.add("the password for the mail server")
	s.mailFlags = []string{"-cert", cert, "-key", key, "-user", "gate", "-password", password}
	if s.mail, err = startMailServer(s.t.TempDir(), "127.0.0.1:0", s.mailFlags...); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.mail.End(os.Kill) })
	s.env = append(s.env, s.mail.settings()...)
	s.env = append(s.env, "EMAIL_USE_TLS=true", "SSL_CERT_FILE="+cert, "EMAIL_HOST_USER=gate", "EMAIL_HOST_PASSWORD="+password,
		"GATEHOUSE_PUBLIC_URL=http://127.0.0.1:1")
}

// usesLinks asks for links, reads one in a letter, and shows good and wrong ones. What an
// operator has printed is for the operator alone.
func (s *story) usesLinks(password string) (changed string) {
	b := newBrowser()
	changed = s.add("the password that is set with a link")
	s.post(b, 200, resetPath, map[string]string{"email": s.add("a password in the place of an address for a link")})
	s.post(b, 400, confirmPath, map[string]string{"uid": s.add("a wrong uid"), "token": s.add("a wrong token"), "new_password": s.add("a password for a wrong link")})
	s.send(b, 200, http.MethodGet, domain.ResetPagePath+"?uid="+hanaID+"&token="+url.QueryEscape(s.add("a token in an address")), nil, "")

	s.mustNotSend(s.mail.End(os.Kill))
	s.post(b, 200, resetPath, map[string]string{"email": "ines@shop.test"})
	s.read(s.t, "while a letter waits", s.dir+"/data")
	again, err := startMailServer(s.mail.dir, s.mail.address, s.mailFlags...)
	s.mustNotSend(err)
	s.mail = again
	waited := s.linkIn("ines@shop.test")
	s.canaries["the link that has waited"] = waited[1]

	s.post(b, 200, resetPath, map[string]string{"email": "hana@shop.test"})
	link := s.linkIn("hana@shop.test")
	s.canaries["the link in the letter"] = link[1]
	s.post(b, 400, confirmPath, map[string]string{"uid": link[0], "token": link[1], "new_password": "short"})
	s.post(b, 200, confirmPath, map[string]string{"uid": link[0], "token": link[1], "new_password": changed})
	s.post(b, 400, confirmPath, map[string]string{"uid": link[0], "token": link[1], "new_password": password})

	printed, _, _ := runProgram(s.t, s.dir, s.env, "", "staff", "reset-link", "freya@shop.test")
	found := linkInText.FindStringSubmatch(printed)
	if found == nil {
		s.t.Fatalf("no link is printed: %s", printed)
	}
	s.canaries["the link that was printed"] = found[2]
	return changed
}

func (s *story) mustNotSend(err error) {
	s.t.Helper()
	if err != nil && !strings.Contains(err.Error(), "killed") {
		s.t.Fatal(err)
	}
}

// linkIn waits for the first letter with a link.
func (s *story) linkIn(email string) [2]string {
	s.t.Helper()
	posted := &postedShop{shopServer: &shopServer{server: s.server}, mail: s.mail}
	for n := 1; ; n++ {
		if found := linkInText.FindStringSubmatch(posted.letter(s.t, email, n)); found != nil {
			return [2]string{found[1], found[2]}
		}
	}
}
