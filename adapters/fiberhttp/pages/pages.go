package pages

import (
	"bytes"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"
)

// PageConfig is what the operator decides about the pages.
type Config struct {
	ShopName string // "Gatehouse" if empty
	Logo     Logo
	Texts    Texts
	// SignInRedirect is where people go on after signing in, and what a link back to the shop
	// leads to: an absolute URL or a path; the public URL's path if empty. Neither it nor
	// RedirectAllowed, origins to which ?next= may lead besides our own, is looked at again.
	SignInRedirect  string
	RedirectAllowed []string
	// ResetByMail: people can ask for a link with which they set a new password.
	ResetByMail bool
	// TimeZone is what times are shown in; UTC if nil.
	TimeZone *time.Location
}

// Pages are what all pages share. They do not change.
type Pages struct {
	Config
	origin    string // scheme and host that people see
	base      string // what comes before /accounts/ in an address
	assets    assets
	templates map[string]*template.Template
	policy    string
}

// A view is what a template shows of a page.
type View struct {
	Title  string
	Lede   string
	Status string // what has just been done
	Notice string // why the person is here
	Detail string
	Form   *Form
	Links  []Link
	// Sessions are those of the page with the sessions, not nil there even if there are none.
	// Others: there are sessions besides the one that asks.
	Sessions []SessionView
	Others   bool
}

// A SessionView is a session as its owner sees it.
type SessionView struct {
	ID, Device, Address string
	LastUsed, Since     moment
	Current             bool
}

// A link leads to another page.
type Link struct{ URL, Text string }

// Failed reports whether the page says that something is wrong with what was filled in.
func (v View) Failed() bool { return v.Form != nil && len(v.Form.Problems()) > 0 }

// Wide reports whether the page has more to show than a form.
func (v View) Wide() bool { return v.Sessions != nil }

// New makes the pages of the service that people find at public. It knows no request.
func New(config Config, public *url.URL) *Pages {
	p := &Pages{Config: config, origin: public.Scheme + "://" + public.Host, base: strings.TrimSuffix(public.EscapedPath(), "/")}
	if p.ShopName == "" {
		p.ShopName = "Gatehouse"
	}
	if p.SignInRedirect == "" {
		p.SignInRedirect = p.base + "/"
	}
	if p.TimeZone == nil {
		p.TimeZone = time.UTC
	}
	p.Texts = p.Texts.orEnglish()
	p.assets = newAssets(p.Logo)
	p.policy = formPolicy(p.formTargets())
	p.templates = p.newTemplates()
	return p
}

// The templates of the pages.
const (
	formTemplate     = "form.html"
	sessionsTemplate = "sessions.html"
)

func (p *Pages) newTemplates() map[string]*template.Template {
	layout := template.Must(template.New("layout").Funcs(template.FuncMap{
		"text":  p.Texts.say,
		"shop":  func() string { return p.ShopName },
		"asset": func(name string) string { return p.base + assetFolder + p.assets.names[name] },
		"logo":  p.logo,
	}).Parse(string(pageFile("layout.html"))))
	template.Must(layout.Parse(string(pageFile("parts.html"))))
	all := map[string]*template.Template{}
	for _, name := range []string{formTemplate, sessionsTemplate} {
		all[name] = template.Must(template.Must(layout.Clone()).Parse(string(pageFile(name))))
	}
	return all
}

func (p *Pages) logo() string {
	if name := p.assets.names[logoName]; name != "" {
		return p.base + assetFolder + name
	}
	return ""
}

// formPolicy lets a page use what we serve and send its form to us; what a form is answered
// with may lead on to the origins of targets, which browsers count as sending it there.
func formPolicy(targets []string) string {
	return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action " +
		strings.Join(append([]string{"'self'"}, targets...), " ") + "; base-uri 'none'; frame-ancestors 'none'"
}

// formTargets are the origins, besides our own, to which signing in may lead.
func (p *Pages) formTargets() []string {
	targets := slices.Clone(p.RedirectAllowed)
	if u, err := url.Parse(p.SignInRedirect); err == nil && u.Host != "" {
		targets = append(targets, u.Scheme+"://"+u.Host)
	}
	slices.Sort(targets)
	return slices.Compact(targets)
}

// say is the text with the key; see [Texts].
func (p *Pages) Say(key string, arguments ...string) string { return p.Texts.say(key, arguments...) }

// render makes the HTML of a page, and returns it with its Content-Security-Policy.
func (p *Pages) Render(v View) (html []byte, policy string, err error) {
	name := formTemplate
	if v.Wide() {
		name = sessionsTemplate
	}
	var out bytes.Buffer
	err = p.templates[name].ExecuteTemplate(&out, "layout", v)
	return out.Bytes(), p.policy, err
}

// Link is the address of one of our pages. It has the path prefix that people see.
func (p *Pages) Link(name string, query url.Values) string {
	return p.Address("/accounts/"+name+"/", query)
}

// address is the address of a path of ours, as people see it.
func (p *Pages) Address(path string, query url.Values) string {
	address := p.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}
