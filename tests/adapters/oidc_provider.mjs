// ThaID as the npm package oidc-provider plays it: its scopes, client_secret_basic, claims in the id_token or at userinfo only.
// Prints the port. Arguments: path of package.json, JSON {redirect, inToken, person, lifetime}. Everybody who comes is signed in as `person`.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.argv[2]));
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);
const { redirect, inToken, person, lifetime } = JSON.parse(process.argv[3]);

let handle = (request, response) => response.end();
const server = createServer((request, response) => handle(request, response));
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "sitthi", client_secret: "a secret of the tests", redirect_uris: [redirect], token_endpoint_auth_method: "client_secret_basic" }],
    scopes: ["openid", "pid", "title", "given_name", "family_name", "birthdate", "ial"],
    claims: { openid: ["sub"], pid: ["pid"], title: ["title"], given_name: ["given_name"], family_name: ["family_name"], birthdate: ["birthdate"], ial: ["ial"] },
    conformIdTokenClaims: !inToken,
    ttl: { IdToken: lifetime },
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...person }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ["of the tests"] },
  });
  const ours = provider.callback();
  handle = async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return ours(request, response);
    const details = await provider.interactionDetails(request, response);
    if (details.prompt.name === "login") return provider.interactionFinished(request, response, { login: { accountId: "somebody" } });
    const grant = new provider.Grant({ accountId: "somebody", clientId: "sitthi" });
    grant.addOIDCScope("openid pid title given_name family_name birthdate ial");
    grant.addOIDCClaims(["pid", "title", "given_name", "family_name", "birthdate", "ial"]);
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  };
  console.log(server.address().port);
});
