import { refuses } from "./example";

const label = "a".repeat(63);

describe("a legacy URL that API Gateway cannot use", () => {
  refuses("services.shipping.legacyUrl", {
    "services.shipping.legacyUrl must have a port from 1 to 65535, got <value>; change it": [
      "https://legacy.example.com:65536/rates",
    ],
    "services.shipping.legacyUrl must be an https URL without query, got <value>; change it": [
      "https://legacy.example.com:0/rates",
      "https://legacy.example.com/{proxy+}",
      "https://legacy.example.com/{",
      "https://legacy.example.com/}rates{",
      "https://legacy.example.com/{}",
      "https://legacy.example.com/{{id}}",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as written in a file
      "https://legacy.example.com/${stageVariables.path}",
      "https://legacy.example.com/rates?all=1",
      "https://legacy.example.com/rates#top",
      "https://user:secret@legacy.example.com/rates",
      "http://legacy.example.com/rates",
      "https://[::1]/rates",
      "https://[fe80::1]/rates",
      "https:///rates",
      "https://",
      "",
    ],
    "services.shipping.legacyUrl must have a port that API Gateway connects to: 80, 443 or 1024 to 65535, got <value>; change it":
      ["https://legacy.example.com:8/rates", "https://legacy.example.com:1023/rates"],
    "services.shipping.legacyUrl must have a valid lower-case host name, such as app.example.com, got <value>; change it":
      [
        "https://legacy..example.com/rates",
        "https://legacy.example.com./rates",
        "https://-legacy.example.com/rates",
        `https://${label}a.example.com/rates`,
        "https://Legacy.example.com/rates",
        "https://legacy_1.example.com/rates",
        "https://{host}.example.com/rates",
      ],
    "services.shipping.legacyUrl must have only placeholders that the path of get-rates has (none), got {id}; remove it, or write its value":
      ["https://legacy.example.com/{id}"],
    "services.shipping.legacyUrl must have only placeholders that the path of get-rates has (none), got {proxy}; remove it, or write its value":
      ["https://legacy.example.com/{proxy}"],
    "services.shipping.legacyUrl must have a host that AWS reaches over the internet, got <value>; change it": [
      "https://localhost/rates",
      "https://rates.localhost/rates",
      "https://127.0.0.1/rates",
      "https://127.8.9.1:8443/rates",
      "https://169.254.169.254/latest/meta-data",
      "https://169.254.170.2/v2/credentials",
      "https://0.0.0.0/rates",
      "https://10.16.0.5/rates",
      "https://172.31.0.5/rates",
      "https://192.168.0.5/rates",
      "https://100.64.0.5/rates",
      "https://224.0.0.1/rates",
      "https://255.255.255.255/rates",
      "https://legacy/rates",
      "https://legacy.local/rates",
      "https://legacy.internal/rates",
      "https://rates.prod.platform.internal/rates",
      "https://legacy.test/rates",
      "https://legacy.invalid/rates",
    ],
    "services.shipping.legacyUrl must have a valid host name, or an address of four numbers up to 255, got <value>; change it":
      ["https://2130706433/rates", "https://0x7f000001/rates", "https://0177.0.0.1/rates", "https://127.1/rates"],
    "services.shipping.legacyUrl must not lead back to the API itself, got <value>; name the endpoint outside the platform":
      [
        "https://api.example.com/rates",
        "https://api.example.com:443/shipping/rates",
        "https://eu-west-1.api.example.com/rates",
        "https://eu-central-1.api.example.com/rates",
      ],
    "services.shipping.legacyUrl must be at most 1024 characters, got <value>; change it": [
      `https://legacy.example.com/${"a".repeat(1000)}`,
    ],
  });

  refuses('services["pet-store"].legacyUrl', {
    "services.pet-store.legacyUrl has no route that uses it, got <value>; remove it": [
      "https://legacy.example.com/rates",
    ],
  });
});
