package fiberhttp

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/adapters/fiberhttp/pages"
)

// respond answers a refusal: with a page where people look at pages, and with JSON elsewhere.
func (f *front) respond(ctx *fasthttp.RequestCtx, refused *body.Refusal) {
	if pattern, _ := f.pattern(pathOf(ctx)); f.paths[pattern].noBody {
		ctx.SetStatusCode(refused.Status)
		return
	}
	if f.forPeople(ctx) && f.writePage(ctx, refused.Status, f.problemView(ctx, refused.Status)) == nil {
		return
	}
	ctx.Response.Header.SetContentType(jsonType)
	ctx.SetStatusCode(refused.Status)
	ctx.SetBody(refused.Body)
}

// asksForPage reports whether the answer is a page. The request must ask for HTML, and its path must be
// that of a page or unknown. The API always answers in JSON.
func (f *front) asksForPage(ctx *fasthttp.RequestCtx) bool {
	if !acceptsHTML(ctx.Request.Header.PeekAll(fiber.HeaderAccept)) {
		return false
	}
	path := pathOf(ctx)
	pattern, known := f.pattern(path)
	if known {
		return f.paths[pattern].page
	}
	return !strings.HasPrefix(path, apiRoots[0]+"/") && !strings.HasPrefix(path, apiRoots[1]+"/")
}

// acceptsHTML reports whether Accept names text/html. A wildcard is not enough: programs send it.
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

// problemView says what went wrong. There is a link to try again, except after a one-time link, whose
// secret is not in the address any more.
func (f *front) problemView(ctx *fasthttp.RequestCtx, status int) pages.View {
	key := "error." + strconv.Itoa(status)
	if !f.pages().Texts.Has(key) {
		key = "error." + strconv.Itoa(status/100*100) // the text for all other 4xx or 5xx
	}
	v := pages.View{Title: f.say(key + ".title"), Lede: f.say(key)}
	if status >= fiber.StatusInternalServerError {
		v.Detail = f.say("error.request", requestIDOf(ctx))
	}
	pattern, _ := f.pattern(pathOf(ctx))
	if r := f.paths[pattern]; r.page && r.path != confirmRoute && status != fiber.StatusNotFound {
		v.Links = append(v.Links, pages.Link{URL: f.pages().Address(pathOf(ctx), nextQuery(f.nextOf(ctx))), Text: f.say("link.again")})
	}
	v.Links = append(v.Links, pages.Link{URL: f.pages().GoOn(""), Text: f.say("link.home")})
	return v
}
