package application_test

import (
	"context"
	"fmt"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A person signs in, and an hour later, when the access token has expired, gets another.
func Example() {
	ctx, clock, policy := context.Background(), porttest.Clock{}, porttest.Policy()
	store, hasher, tokens := memory.Store{}, memory.Hasher{}, memory.Tokens{}
	sessionID, tokenID, deviceID := porttest.SessionIDs(), porttest.TokenIDs(), porttest.DeviceIDs()
	devices := domain.NewDeviceKey(domain.NewSecret("sixteen random bytes"))
	_ = store.Update(ctx, func(r ports.Records) error { return r.Staff().Save(apptest.Person(1)) })
	obtain := signin.NewObtainTokens(&store, &hasher, memory.Subjects{}, &tokens, &tokens, devices, clock.Now, sessionID, tokenID, deviceID, policy)
	refresh := signin.NewRefreshAccess(&store, &tokens, &tokens, clock.Now, sessionID, tokenID, application.NewRefusals(), policy)

	signedIn, err := obtain.Execute(ctx, signin.ObtainTokensCommand{
		Username: "person1@example.test", Password: domain.NewPassword(apptest.Password),
	})
	fmt.Println("refresh token:", signedIn.Tokens.Refresh, "for", signedIn.Tokens.RefreshLifetime, err)

	clock.Advance(time.Hour)
	refreshed, err := refresh.Execute(ctx, signin.RefreshAccessCommand{Token: signedIn.Tokens.Refresh})
	fmt.Println("access token:", refreshed.Access, "for", refreshed.AccessLifetime, err)
	// Output:
	// refresh token: [redacted] for 720h0m0s <nil>
	// access token: [redacted] for 15m0s <nil>
}
