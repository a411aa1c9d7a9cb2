package main

import (
	"context"

	tailscale "tailscale.com/client/tailscale/v2"
)

type operation func(context.Context, *tailscale.Client, args) (any, error)

// none is for calls that answer with nothing but success.
func none(err error) (any, error) { return nil, err }

var operations = map[string]operation{
	"devices.list": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		var options []tailscale.ListDevicesOptions
		if a.Fields != "" {
			options = append(options, tailscale.WithFields(tailscale.IncludeFields(a.Fields)))
		}
		for field, values := range a.Filters {
			options = append(options, tailscale.WithFilter(field, values))
		}
		return c.Devices().List(ctx, options...)
	},
	"devices.get": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		if a.Fields == "all" {
			return c.Devices().GetWithAllFields(ctx, a.ID)
		}
		return c.Devices().Get(ctx, a.ID)
	},
	"devices.setAuthorized": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Devices().SetAuthorized(ctx, a.ID, a.Authorized))
	},
	"devices.setName": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Devices().SetName(ctx, a.ID, a.Name))
	},
	"devices.setTags": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Devices().SetTags(ctx, a.ID, a.Tags))
	},
	"devices.setKey": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Devices().SetKey(ctx, a.ID, tailscale.DeviceKey{KeyExpiryDisabled: a.KeyExpiryDisabled}))
	},
	"devices.setIPv4": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Devices().SetIPv4Address(ctx, a.ID, a.IPv4))
	},
	"devices.routes": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Devices().SubnetRoutes(ctx, a.ID)
	},
	"devices.setRoutes": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Devices().SetSubnetRoutes(ctx, a.ID, a.Routes))
	},
	"devices.delete": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Devices().Delete(ctx, a.ID))
	},
	"devices.attributes": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Devices().GetPostureAttributes(ctx, a.ID)
	},
	"devices.setAttribute": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		request := tailscale.DevicePostureAttributeRequest{Value: a.Value}
		return none(c.Devices().SetPostureAttribute(ctx, a.ID, a.Attribute, request))
	},
	"devices.deleteAttribute": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Devices().DeletePostureAttribute(ctx, a.ID, a.Attribute))
	},

	"keys.create": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		request := tailscale.CreateKeyRequest{Description: a.Description, ExpirySeconds: a.ExpirySeconds}
		request.Capabilities.Devices.Create.Reusable = a.Reusable
		request.Capabilities.Devices.Create.Ephemeral = a.Ephemeral
		request.Capabilities.Devices.Create.Preauthorized = a.Preauthorized
		request.Capabilities.Devices.Create.Tags = a.Tags
		return c.Keys().CreateAuthKey(ctx, request)
	},
	"keys.createClient": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Keys().CreateOAuthClient(ctx, tailscale.CreateOAuthClientRequest{
			Scopes: a.Scopes, Tags: a.Tags, Description: a.Description,
		})
	},
	"keys.setClient": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Keys().SetOAuthClient(ctx, a.ID, tailscale.SetOAuthClientRequest{
			Scopes: a.Scopes, Tags: a.Tags, Description: a.Description,
		})
	},
	"keys.createFederated": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Keys().CreateFederatedIdentity(ctx, tailscale.CreateFederatedIdentityRequest{
			Scopes: a.Scopes, Tags: a.Tags, Audience: a.Audience, Issuer: a.Issuer, Subject: a.Subject,
			CustomClaimRules: a.ClaimRules, Description: a.Description,
		})
	},
	"keys.setFederated": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Keys().SetFederatedIdentity(ctx, a.ID, tailscale.SetFederatedIdentityRequest{
			Scopes: a.Scopes, Tags: a.Tags, Audience: a.Audience, Issuer: a.Issuer, Subject: a.Subject,
			CustomClaimRules: a.ClaimRules, Description: a.Description,
		})
	},
	"keys.list": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Keys().List(ctx, a.All)
	},
	"keys.get": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Keys().Get(ctx, a.ID)
	},
	"keys.delete": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Keys().Delete(ctx, a.ID))
	},

	"policy.get": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.PolicyFile().Get(ctx)
	},
	"policy.raw": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.PolicyFile().Raw(ctx)
	},
	"policy.set": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.PolicyFile().Set(ctx, a.HuJSON, a.ETag))
	},
	"policy.validate": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.PolicyFile().Validate(ctx, a.HuJSON))
	},

	"dns.nameservers": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.DNS().Nameservers(ctx)
	},
	"dns.setNameservers": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.DNS().SetNameservers(ctx, a.DNS))
	},
	"dns.preferences": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.DNS().Preferences(ctx)
	},
	"dns.setPreferences": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.DNS().SetPreferences(ctx, tailscale.DNSPreferences{MagicDNS: a.MagicDNS}))
	},
	"dns.searchPaths": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.DNS().SearchPaths(ctx)
	},
	"dns.setSearchPaths": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.DNS().SetSearchPaths(ctx, a.SearchPaths))
	},
	"dns.splitDNS": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.DNS().SplitDNS(ctx)
	},
	"dns.updateSplitDNS": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.DNS().UpdateSplitDNS(ctx, a.SplitDNS)
	},
	"dns.setSplitDNS": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.DNS().SetSplitDNS(ctx, a.SplitDNS))
	},
	"dns.configuration": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.DNS().Configuration(ctx)
	},
	"dns.setConfiguration": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.DNS().SetConfiguration(ctx, a.Configuration))
	},

	"settings.get": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.TailnetSettings().Get(ctx)
	},
	"settings.update": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.TailnetSettings().Update(ctx, a.Settings))
	},

	"users.list": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Users().List(ctx, nil, nil)
	},
	"users.get": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Users().Get(ctx, a.ID)
	},

	"webhooks.create": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Webhooks().Create(ctx, tailscale.CreateWebhookRequest{
			EndpointURL: a.URL, Subscriptions: a.Subscriptions,
		})
	},
	"webhooks.list": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Webhooks().List(ctx)
	},
	"webhooks.get": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Webhooks().Get(ctx, a.ID)
	},
	"webhooks.update": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Webhooks().Update(ctx, a.ID, a.Subscriptions)
	},
	"webhooks.test": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Webhooks().Test(ctx, a.ID))
	},
	"webhooks.rotate": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Webhooks().RotateSecret(ctx, a.ID)
	},
	"webhooks.delete": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Webhooks().Delete(ctx, a.ID))
	},

	"services.list": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Services().List(ctx)
	},
	"services.get": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return c.Services().Get(ctx, a.Name)
	},
	"services.set": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Services().CreateOrUpdate(ctx, tailscale.Service{Name: a.Name, Ports: a.Ports, Tags: a.Tags}))
	},
	"services.delete": func(ctx context.Context, c *tailscale.Client, a args) (any, error) {
		return none(c.Services().Delete(ctx, a.Name))
	},
}
