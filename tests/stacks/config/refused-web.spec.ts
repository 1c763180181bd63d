import { refuses } from "./example";

const label = "a".repeat(63);

describe("an origin, a page or a prefix that AWS refuses", () => {
  refuses("cors.origins[0]", {
    "cors.origins[0] must have a port from 1 to 65535, got <value>; change it": [
      "https://app.example.com:65536",
      "https://app.example.com:99999999999999999999",
      "http://localhost:70000",
    ],
    "cors.origins[0] must be an exact origin such as https://app.example.com, never *, got <value>; change it": [
      "https://app.example.com:0",
      "https://app.example.com:00443",
      "https://app.example.com:",
      "https://app.example.com/",
      "https://app.example.com/path",
      "http://app.example.com",
      "*",
      "null",
      "app.example.com",
      "https://user@app.example.com",
    ],
    "cors.origins[0] must have a valid lower-case host name, such as app.example.com, got <value>; change it": [
      "https://-app.example.com",
      "https://app-.example.com",
      "https://app..example.com",
      "https://.example.com",
      "https://app.example.com.",
      "https://...",
      "https://-",
      "https://App.example.com",
      "https://app_1.example.com",
      `https://${label}a.example.com`,
      `https://${`${label}.`.repeat(4)}com`,
      "https://*.example.com",
    ],
    "cors.origins[0] must have a valid host name, or an address of four numbers up to 255, got <value>; change it": [
      "https://256.1.1.1",
      "https://1.2.3",
      "https://2130706433",
    ],
  });

  refuses("cors.origins", {
    'cors.origins[1] is listed twice, got "https://app.example.com"; remove it': [
      ["https://app.example.com", "https://app.example.com"],
    ],
    "cors.origins must be at most 20 entries, got <value>; lower it": [
      Array.from({ length: 21 }, (_, i) => `https://app${i}.example.com`),
    ],
  });

  refuses("signIn.callbackUrls[0]", {
    "signIn.callbackUrls[0] must have a port from 1 to 65535, got <value>; change it": [
      "https://app.example.com:65536/signed-in",
    ],
    "signIn.callbackUrls[0] must be an exact https URL (http for localhost only), got <value>; change it": [
      "https://app.example.com:0/signed-in",
      "https://app.example.com/signed-in#top",
      "https://app.example.com/#",
      "https://app.example.com/*",
      "https://app.example.com/signed in",
      "https://app.example.com",
      "http://app.example.com/signed-in",
      "http://127.0.0.1:5173/signed-in",
      "http://localhost.example.com/signed-in",
      "/signed-in",
      "javascript:alert(1)",
    ],
    "signIn.callbackUrls[0] must have a valid lower-case host name, such as app.example.com, got <value>; change it": [
      "https://app..example.com/signed-in",
      "https://-app.example.com/signed-in",
      "https://app.example.com./signed-in",
    ],
    "signIn.callbackUrls[0] must be at most 1024 characters, got <value>; change it": [
      `https://app.example.com/${"a".repeat(1001)}`,
    ],
  });

  refuses("signIn.callbackUrls", {
    'signIn.callbackUrls[1] is listed twice, got "https://app.example.com/"; remove it': [
      ["https://app.example.com/", "https://app.example.com/"],
    ],
    "signIn.callbackUrls must be at least 1 entries, got <value>; raise it": [[]],
    "signIn.callbackUrls must be at most 100 entries, got <value>; lower it": [
      Array.from({ length: 101 }, (_, i) => `https://app.example.com/${i}`),
    ],
  });

  refuses("signIn.logoutUrls[0]", {
    "signIn.logoutUrls[0] must have a port from 1 to 65535, got <value>; change it": ["https://app.example.com:70000/"],
    "signIn.logoutUrls[0] must be an exact https URL (http for localhost only), got <value>; change it": [
      "https://app.example.com/#bye",
    ],
  });

  refuses("signIn.logoutUrls", {
    'signIn.logoutUrls[1] is listed twice, got "https://app.example.com/"; remove it': [
      ["https://app.example.com/", "https://app.example.com/"],
    ],
  });

  refuses("signIn.domainPrefix", {
    "signIn.domainPrefix must be 1-63 of a-z, 0-9 and -, without aws, amazon or cognito, got <value>; change it": [
      "example-aws",
      "my-cognito",
      "amazon-shop",
      "Example",
      "-example",
      "example-",
      "example_platform",
      "example.platform",
      "a".repeat(64),
      "",
    ],
  });
});
