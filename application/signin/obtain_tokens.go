package signin

import (
	"cmp"
	"context"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ObtainTokens signs a person in: it compares the password, opens a session and signs its first pair of
// tokens. The same update ends the sessions that the new one replaces, and stores a stronger hash of the
// password if the present one is weaker than today's.
//
// If a change of the password is due and enforced, the result has no tokens, only PasswordNeedsReset. If
// the answer sets cookies, the sessions of before end all the same: they must not answer for the person
// who has just typed a password.
//
// Errors: [domain.ErrInvalidCredentials] for an unknown address, a wrong password and a closed account
// alike; [domain.ErrThrottled] as a [domain.Throttled]; [domain.ErrCrossSite]; [domain.ErrOverloaded];
// [domain.ErrUnavailable].
type ObtainTokens struct {
	passwords steps.PasswordCheck
	presented steps.Presented
	store     ports.Store
	hasher    ports.PasswordHasher
	signer    ports.TokenSigner
	clock     ports.Clock
	sessionID ports.NewSessionID
	tokenID   ports.NewTokenID
	deviceID  ports.NewDeviceID
	policy    domain.Policy
}

// ObtainTokensCommand is what a person types, and what the client sends along.
type ObtainTokensCommand struct {
	Username string // the e-mail address, trimmed
	Password domain.Password
	// CrossSite is true if a page of another site made the browser send this. SetsCookies is true if the
	// answer sets cookies. Both together are refused, because the other site would choose the account in
	// which the person goes on (login CSRF).
	CrossSite, SetsCookies bool
	// Previous are tokens that the client still has. Their sessions end: the next person at the same
	// computer must not go on in them.
	Previous []domain.Token
	// Device is the device token from an earlier sign-in. It is empty if the client has none.
	Device domain.DeviceToken
	Client domain.Client
}

func (c ObtainTokensCommand) opensIn() domain.Carrier {
	if c.SetsCookies {
		return domain.CarrierCookies
	}
	return domain.CarrierBody
}

// ObtainTokensResult is what the client gets.
type ObtainTokensResult struct {
	Tokens TokenPair
	// PasswordNeedsReset is true if a change of the password is due. If that is enforced, Tokens is zero.
	PasswordNeedsReset bool
	// Device is a token by which the device is known at the next sign-in. It is empty without Tokens.
	Device domain.DeviceToken
	// Due says in a cookie whose change is due. It is empty with Tokens, and where no cookies are set.
	Due domain.DueToken
}

// A TokenPair is an access token and a refresh token, with the time until each expires.
type TokenPair struct {
	Access, Refresh                 domain.Token
	AccessLifetime, RefreshLifetime time.Duration
}

// NewObtainTokens makes the use case.
func NewObtainTokens(
	store ports.Store, hasher ports.PasswordHasher, subjects ports.SubjectHasher,
	parser ports.TokenParser, signer ports.TokenSigner, devices domain.DeviceKey, clock ports.Clock,
	sessionID ports.NewSessionID, tokenID ports.NewTokenID, deviceID ports.NewDeviceID, policy domain.Policy,
) *ObtainTokens {
	return &ObtainTokens{
		passwords: steps.PasswordCheck{Store: store, Hasher: hasher, Subjects: subjects, Devices: devices, Throttle: policy.Throttle},
		presented: steps.Presented{Parser: parser, SessionID: sessionID, Policy: policy},
		store:     store,
		hasher:    hasher,
		signer:    signer,
		clock:     clock,
		sessionID: sessionID,
		tokenID:   tokenID,
		deviceID:  deviceID,
		policy:    policy,
	}
}

// Execute implements [ports.UseCase].
func (u *ObtainTokens) Execute(ctx context.Context, cmd ObtainTokensCommand) (ObtainTokensResult, error) {
	now := u.clock()
	previous := u.presented.Genuine(ctx, cmd.Previous, now)
	attempt, err := u.passwords.ByAddress(ctx, cmd.Username, steps.Try{
		Kind: domain.EventSignIn, Password: cmd.Password, Device: cmd.Device, Sessions: previous, CrossSite: cmd.CrossSite, Client: cmd.Client, Now: now,
	})
	if err != nil {
		return ObtainTokensResult{}, err
	}
	better, err := u.betterHash(ctx, attempt, cmd, now)
	if err != nil {
		u.passwords.Withdraw(ctx, attempt)
		return ObtainTokensResult{}, err
	}
	session := domain.NewSession(u.sessionID(), attempt.Staff.ID, cmd.opensIn(), cmd.Client, u.policy, now)
	session.BeginAfter(attempt.Staff.SessionsEndedAt)
	session.Rotate(u.tokenID(), now)
	opening := opening{attempt, better, session, previous}
	var owner domain.Staff
	err = u.passwords.Settle(ctx, attempt, func(records ports.Records) (domain.AuditEvent, error) {
		event := attempt.Event(domain.EventSignIn, cmd.Client, now)
		owner, err = u.decide(records, attempt, cmd, now)
		switch {
		case isDue(err) && cmd.SetsCookies:
			return event, cmp.Or(u.replace(records, previous, cmd.Client, now), err)
		case err != nil:
			return event, err
		}
		return opening.noted(event), u.open(records, owner, opening, cmd.Client, now)
	})
	if isDue(err) {
		return u.stopped(owner, cmd, now), nil
	}
	if err != nil {
		return ObtainTokensResult{}, err
	}
	pair, err := u.sign(ctx, session, now)
	if err != nil {
		return ObtainTokensResult{}, err
	}
	device := u.passwords.Devices.Issue(owner.ID, cmd.Device, u.deviceID())
	return ObtainTokensResult{Tokens: pair, PasswordNeedsReset: owner.Credentials.NeedsReset, Device: device}, nil
}

// decide judges the attempt. If that lets another site's page set cookies, it is refused, whether the
// cookies sign in or say that a change is due.
func (u *ObtainTokens) decide(records ports.Records, attempt steps.Attempt, cmd ObtainTokensCommand, now time.Time) (domain.Staff, error) {
	owner, err := u.passwords.Decide(records, attempt, u.policy, now)
	if (err == nil || isDue(err)) && cmd.CrossSite && cmd.SetsCookies {
		err = domain.ErrCrossSite
	}
	return owner, err
}

func isDue(err error) bool { return domain.ReasonOf(err) == domain.ReasonPasswordResetRequired }

// stopped is the result for a right password that must be changed first.
func (u *ObtainTokens) stopped(owner domain.Staff, cmd ObtainTokensCommand, now time.Time) ObtainTokensResult {
	result := ObtainTokensResult{PasswordNeedsReset: true}
	if cmd.SetsCookies {
		result.Due = u.passwords.Devices.IssueDue(owner, now)
	}
	return result
}

// An opening is a session about to be stored, and what is stored along with it.
type opening struct {
	attempt  steps.Attempt
	better   domain.PasswordHash // empty if the present one stays
	session  domain.Session
	previous []domain.Claims // of the sessions that it replaces
}

// noted completes the event of the sign-in.
func (o opening) noted(event domain.AuditEvent) domain.AuditEvent {
	event.Session = o.session.ID
	if !o.better.Empty() {
		event.Reason = domain.ReasonHashUpgraded
	}
	return event
}

// open stores the session and the better hash, and makes room for the session.
func (u *ObtainTokens) open(records ports.Records, staff domain.Staff, o opening, client domain.Client, now time.Time) error {
	if !o.better.Empty() {
		staff.UpgradeHash(o.better, o.attempt.Staff.Credentials.Version, now)
		if err := records.Staff().Save(staff); err != nil {
			return err
		}
	}
	if err := u.replace(records, o.previous, client, now); err != nil {
		return err
	}
	if err := steps.MakeRoomForSession(records, staff.ID, client, u.policy, now); err != nil {
		return err
	}
	return records.Sessions().Save(o.session)
}

// replace ends the sessions of the tokens that the client still had.
func (u *ObtainTokens) replace(records ports.Records, previous []domain.Claims, client domain.Client, now time.Time) error {
	replaced := steps.Ending{Kind: domain.EventSessionEnd, End: domain.EndReplaced, Reason: domain.ReasonReplaced, Client: client, Now: now}
	for _, claims := range previous {
		_, session, found, err := u.presented.Session(records, claims, client, now)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if _, err := replaced.Apply(records, session); err != nil {
			return err
		}
	}
	return nil
}

// betterHash hashes the password again if the sign-in will succeed and the present hash is weaker than
// today's. Otherwise it returns an empty hash. A refused sign-in must not take longer if the password is
// right: the time would tell that it is.
func (u *ObtainTokens) betterHash(ctx context.Context, a steps.Attempt, cmd ObtainTokensCommand, now time.Time) (domain.PasswordHash, error) {
	if !a.Known || cmd.CrossSite && cmd.SetsCookies || u.hasher.Preferred(a.Staff.Credentials.Hash) ||
		a.Staff.CheckSignIn(a.Matches, u.policy, now) != nil {
		return domain.PasswordHash{}, nil
	}
	return u.hasher.Hash(ctx, cmd.Password)
}

func (u *ObtainTokens) sign(ctx context.Context, session domain.Session, now time.Time) (pair TokenPair, err error) {
	refresh := session.RefreshClaims(u.policy)
	access := session.AccessClaims(u.tokenID(), u.policy, now)
	if pair.Refresh, err = u.signer.Sign(ctx, refresh); err != nil {
		return TokenPair{}, err
	}
	if pair.Access, err = u.signer.Sign(ctx, access); err != nil {
		return TokenPair{}, err
	}
	pair.RefreshLifetime, pair.AccessLifetime = refresh.Lifetime(), access.Lifetime()
	return pair, nil
}
