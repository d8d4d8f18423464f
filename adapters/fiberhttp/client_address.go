package fiberhttp

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/domain"
)

// client says where the request comes from.
func (s *Server) client(c *fiber.Ctx) domain.Client {
	return domain.Client{
		Address:   s.clientAddress(c.Context()),
		UserAgent: userAgent(c.Request().Header.UserAgent()),
		RequestID: requestIDOf(c.Context()),
	}
}

// userAgent is the part of a User-Agent that is kept. The log and the audit trail show it, so it has
// no characters that could change how the text around it looks.
func userAgent(sent []byte) string {
	text := strings.ToValidUTF8(string(sent[:min(len(sent), domain.MaxUserAgentLength)]), "")
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
}

func requestIDOf(ctx *fasthttp.RequestCtx) string {
	id, _ := ctx.UserValue(requestIDKey).(string)
	return id
}

// clientAddress is the address of the peer. If that is a trusted proxy, it is the last address in
// X-Forwarded-For that is not a trusted proxy: each proxy adds the address that it sees at the right.
// An entry that is no address ends the search.
func (s *Server) clientAddress(ctx *fasthttp.RequestCtx) netip.Addr {
	address := peerAddress(ctx)
	if !s.trustsPeer(ctx) {
		return address
	}
	for _, line := range slices.Backward(ctx.Request.Header.PeekAll(fiber.HeaderXForwardedFor)) {
		for _, hop := range slices.Backward(strings.Split(string(line), ",")) {
			next, err := netip.ParseAddr(strings.TrimSpace(hop))
			if err != nil || next.Zone() != "" {
				return address
			}
			if address = next.Unmap(); !s.trusts(address) {
				return address
			}
		}
	}
	return address
}

// trustsPeer reports whether the other end of the connection is a trusted proxy. At a Unix socket it is:
// the rights of the socket say who may connect.
func (s *Server) trustsPeer(ctx *fasthttp.RequestCtx) bool {
	_, local := ctx.RemoteAddr().(*net.UnixAddr)
	return local || s.trusts(peerAddress(ctx))
}

func (s *Server) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(s.config.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// peerAddress is the other end of the connection. At a Unix socket it has no address.
func peerAddress(ctx *fasthttp.RequestCtx) netip.Addr {
	tcp, ok := ctx.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap().WithZone("")
}
