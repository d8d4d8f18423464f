package fiberhttp

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/adapters/fiberhttp/pages"
)

// respond answers a refusal: people who look at a page get one that says so, and programs
// get JSON.
func (s *Server) respond(ctx *fasthttp.RequestCtx, refused *body.Refusal) {
	if s.forPeople(ctx) && s.writePage(ctx, refused.Status, s.problemView(ctx, refused.Status)) == nil {
		return
	}
	ctx.Response.Header.SetContentType(jsonType)
	ctx.SetStatusCode(refused.Status)
	ctx.SetBody(refused.Body)
}

// forPeople reports whether a browser shows the answer: it asks for HTML, at the path of a
// page or at one where there is nothing. The API answers browsers as it does programs.
func (s *Server) forPeople(ctx *fasthttp.RequestCtx) bool {
	if !acceptsHTML(ctx.Request.Header.PeekAll(fiber.HeaderAccept)) {
		return false
	}
	path := pathOf(ctx)
	pattern, known := s.pattern(path)
	if known {
		return s.paths[pattern].page
	}
	return !strings.HasPrefix(path, apiRoots[0]+"/") && !strings.HasPrefix(path, apiRoots[1]+"/")
}

// acceptsHTML reports whether HTML is asked for by its name.
func acceptsHTML(lines [][]byte) bool {
	for _, line := range lines {
		for item := range strings.SplitSeq(string(line), ",") {
			mediaType, _, _ := strings.Cut(item, ";")
			if strings.EqualFold(strings.TrimSpace(mediaType), "text/html") {
				return true
			}
		}
	}
	return false
}

func (s *Server) problemView(ctx *fasthttp.RequestCtx, status int) pages.View {
	key := "error." + strconv.Itoa(status)
	if !s.pages().Texts.Has(key) {
		key = "error." + strconv.Itoa(status/100*100) // any other of the client's, or of the server's
	}
	v := pages.View{Title: s.say(key + ".title"), Lede: s.say(key)}
	if status >= fiber.StatusInternalServerError {
		v.Detail = s.say("error.request", requestIDOf(ctx))
	}
	pattern, _ := s.pattern(pathOf(ctx))
	if r := s.paths[pattern]; r.page && r.path != confirmRoute && status != fiber.StatusNotFound {
		v.Links = append(v.Links, pages.Link{URL: s.pages().Address(pathOf(ctx), nextQuery(s.nextOf(ctx))), Text: s.say("link.again")})
	}
	v.Links = append(v.Links, pages.Link{URL: s.pages().GoOn(""), Text: s.say("link.home")})
	return v
}
