import { refuses } from "./example";

const label = "a".repeat(63);

describe("a domain name that AWS or a registrar refuses", () => {
  refuses("domain.zone", {
    "domain.zone must be a name that can be registered, not a public suffix, below which others register theirs, got <value>; change it":
      ["co.uk", "com.au", "kawasaki.jp", "shop.ck", "xn--55qx5d.cn", "github.io", "uk.com"],
    "domain.zone must be a lower-case domain name such as api.example.com, got <value>; change it": [
      "com",
      "platform",
      "localhost",
      "example.com.",
      ".example.com",
      "Example.com",
      "*.example.com",
      "my_zone.example.com",
      "-zone.example.com",
      "zone-.example.com",
      "zone..example.com",
      "bücher.example.com",
      "https://example.com",
      "example.com/",
      "example.com\n",
      "10.0.0.1",
      "example.c",
      "example.123",
      "",
      "xn--.example.com",
    ],
    "domain.zone must be a name that can be registered, and .local is reserved, got <value>; change it": [
      "platform.local",
    ],
    "domain.zone must be a name that can be registered, and .test is reserved, got <value>; change it": [
      "platform.test",
    ],
    "domain.zone must be a name that can be registered, and .invalid is reserved, got <value>; change it": [
      "platform.invalid",
    ],
    "domain.zone must be a name that can be registered, and .localhost is reserved, got <value>; change it": [
      "platform.localhost",
    ],
    "domain.zone must be a name that can be registered, and .example is no top-level domain, got <value>; change it": [
      "platform.example",
    ],
    "domain.zone must be a name that can be registered, and .internal is reserved, got <value>; change it": [
      "platform.internal",
    ],
    "domain.zone must be a name that can be registered, and .onion is reserved, got <value>; change it": [
      "platform.onion",
    ],
    "domain.zone must be a name that can be registered, and .arpa is reserved, got <value>; change it": [
      "10.in-addr.arpa",
    ],
    "domain.zone must be a name that can be registered, and .corp is no top-level domain, got <value>; change it": [
      "platform.corp",
    ],
    "domain.zone must be a name that can be registered, and .exampel is no top-level domain, got <value>; change it": [
      "platform.exampel",
    ],
    "domain.zone must be a name that can be registered, and cloudfront.net belongs to AWS, got <value>; change it": [
      "d111111abcdef8.cloudfront.net",
    ],
    "domain.zone must be a name that can be registered, and amazonaws.com belongs to AWS, got <value>; change it": [
      "a1b2.execute-api.eu-west-1.amazonaws.com",
    ],
    "domain.zone must be of type string, got <value>; change it, without quotes if it is a number": [null, 7],
    "domain.zone must have at most 63 characters between two dots, got <value>; change it": [`${label}a.example.com`],
    "domain.zone must be at most 253 characters, got <value>; change it": [`${`${label}.`.repeat(4)}com`],
    "domain.zone must have -- as third and fourth character of a label only in valid Punycode, which begins with xn--, got <value>; change it":
      ["xn--zzzzzz99999.example.com", "ab--c.example.com"],
  });

  refuses("domain.api", {
    "domain.api must be a lower-case domain name such as api.example.com, got <value>; change it": [
      "*.example.com",
      "api.example.com.",
      "API.example.com",
      "api_v1.example.com",
    ],
    "domain.api must have -- as third and fourth character of a label only in valid Punycode, which begins with xn--, got <value>; change it":
      ["ab--c.example.com"],
    'domain.api must lie in the zone example.com, got <value>; try "api.example.com"': [
      "api.example.org",
      "notexample.com",
      "co.uk",
    ],
    "domain.api must be at most 64 characters, as the first name of a certificate, got 65 in <value>; shorten it": [
      `${"a".repeat(53)}.example.com`,
      `${"a".repeat(26)}.${"b".repeat(26)}.example.com`,
    ],
    "domain.api must have at most 63 characters between two dots, got <value>; change it": [`${label}a.example.com`],
  });
});
