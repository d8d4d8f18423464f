package fiberhttp

import (
	"github.com/google/wire"

	"gatehouse/application/credentials"
	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

// UseCases are the use cases that the endpoints drive.
type UseCases struct {
	ObtainTokens         ports.UseCase[signin.ObtainTokensCommand, signin.ObtainTokensResult]
	RefreshAccess        ports.UseCase[signin.RefreshAccessCommand, signin.RefreshAccessResult]
	RenewAccess          ports.UseCase[signin.RenewAccessCommand, signin.RenewAccessResult]
	VerifyToken          ports.UseCase[signin.VerifyTokenQuery, signin.VerifyTokenResult]
	BlacklistToken       ports.UseCase[signin.BlacklistTokenCommand, signin.BlacklistTokenResult]
	SignOut              ports.UseCase[signin.SignOutCommand, signin.SignOutResult]
	CurrentStaff         ports.UseCase[signin.CurrentStaffQuery, signin.CurrentStaffResult]
	FindDueChange        ports.UseCase[signin.FindDueChangeQuery, signin.FindDueChangeResult]
	GuardRequest         ports.UseCase[signin.GuardRequestQuery, signin.GuardRequestResult]
	ChangePassword       ports.UseCase[credentials.ChangePasswordCommand, credentials.ChangePasswordResult]
	RequestPasswordReset ports.UseCase[credentials.RequestPasswordResetCommand, credentials.RequestPasswordResetResult]
	ConfirmPasswordReset ports.UseCase[credentials.ConfirmPasswordResetCommand, credentials.ConfirmPasswordResetResult]
	ListSessions         ports.UseCase[sessions.ListSessionsQuery, sessions.ListSessionsResult]
	RevokeSession        ports.UseCase[sessions.RevokeSessionCommand, sessions.RevokeSessionResult]
	RevokeOtherSessions  ports.UseCase[sessions.RevokeOtherSessionsCommand, sessions.RevokeOtherSessionsResult]
	CheckReadiness       ports.UseCase[upkeep.CheckReadinessQuery, upkeep.CheckReadinessResult]
}

// NewUseCases takes the use cases that the composition root has made.
func NewUseCases(
	obtainTokens *signin.ObtainTokens, refreshAccess *signin.RefreshAccess, renewAccess *signin.RenewAccess,
	verifyToken *signin.VerifyToken, blacklistToken *signin.BlacklistToken,
	signOut *signin.SignOut, currentStaff *signin.CurrentStaff,
	findDueChange *signin.FindDueChange, guardRequest *signin.GuardRequest,
	changePassword *credentials.ChangePassword, requestPasswordReset *credentials.RequestPasswordReset,
	confirmPasswordReset *credentials.ConfirmPasswordReset, listSessions *sessions.ListSessions,
	revokeSession *sessions.RevokeSession, revokeOtherSessions *sessions.RevokeOtherSessions,
	checkReadiness *upkeep.CheckReadiness,
) UseCases {
	return UseCases{
		ObtainTokens:         obtainTokens,
		RefreshAccess:        refreshAccess,
		RenewAccess:          renewAccess,
		VerifyToken:          verifyToken,
		BlacklistToken:       blacklistToken,
		SignOut:              signOut,
		CurrentStaff:         currentStaff,
		FindDueChange:        findDueChange,
		GuardRequest:         guardRequest,
		ChangePassword:       changePassword,
		RequestPasswordReset: requestPasswordReset,
		ConfirmPasswordReset: confirmPasswordReset,
		ListSessions:         listSessions,
		RevokeSession:        revokeSession,
		RevokeOtherSessions:  revokeOtherSessions,
		CheckReadiness:       checkReadiness,
	}
}

// Set provides the server. The use cases that it drives are provided by the composition root.
var Set = wire.NewSet(New, NewUseCases)
