package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
)

// limitMode is the argument with which this program is the limit.
const limitMode = "limit-server"

// sharedSecret is the HS256 secret of every server here.
const sharedSecret = "a secret for benchmarks alone, of more than 32 bytes"

// serveLimit is the least that a service can do, and logs its address first, as the service does.
func serveLimit() {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/bare", func(c *fiber.Ctx) error { return c.JSON(struct{}{}) })
	app.Post("/verify", func(c *fiber.Ctx) error {
		var body struct {
			Token string `json:"token"`
		}
		if err := json.Unmarshal(c.Body(), &body); err != nil {
			return err
		}
		if _, err := verified(body.Token); err != nil {
			return err
		}
		return c.JSON(struct{}{})
	})
	app.Post("/refresh", func(c *fiber.Ctx) error {
		var body struct {
			Refresh string `json:"refresh"`
		}
		if err := json.Unmarshal(c.Body(), &body); err != nil {
			return err
		}
		claims, err := verified(body.Refresh)
		if err != nil {
			return err
		}
		now := time.Now()
		claims["token_type"], claims["exp"], claims["iat"] = "access", now.Add(15*time.Minute).Unix(), now.Unix()
		access, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(sharedSecret))
		if err != nil {
			return err
		}
		return c.JSON(map[string]string{"access": access})
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, `{"msg":"listening","address":"%s"}`+"\n", listener.Addr())
	if err := app.Listener(listener); err != nil {
		os.Exit(1)
	}
}

func verified(token string) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims,
		func(*jwt.Token) (any, error) { return []byte(sharedSecret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	return claims, err
}
