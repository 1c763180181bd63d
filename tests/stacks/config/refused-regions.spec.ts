import { refuses } from "./example";

describe("a region, a zone, a block or an image that AWS refuses", () => {
  refuses("regions[0].name", {
    "regions[0].name must be an AWS region such as eu-west-1 that existed on 2026-11-26, got <value>; change it, or add a newer one to stacks/config/aws-regions.ts":
      ["eu-west-9", "us-east-3", "eu-east-1", "ap-southwest-1"],
    "regions[0].name must be an AWS region such as eu-west-1, in the partition aws, for which the program writes ARNs, got <value>; change it":
      [
        "cn-north-1",
        "cn-northwest-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-isob-east-1",
        "eu-isoe-west-1",
        "eusc-de-east-1",
      ],
    "regions[0].name must be an AWS region such as eu-west-1, got <value>; change it": [
      "EU-WEST-1",
      "eu-west-1 ",
      "eu-west-1a",
      "ireland",
      "global",
      "",
      "constructor",
      "__proto__",
    ],
  });

  refuses("regions[0].zones[2]", {
    "regions[0].zones[2] must be a zone of eu-west-1, which has a, b, c, got <value>; name one of these, or add a newer zone to stacks/config/aws-regions.ts":
      ["eu-west-1d", "eu-west-1f"],
    "regions[0].zones[2] must be a zone of eu-west-1, got <value>; try eu-west-1a": ["us-east-1a"],
    "regions[0].zones[2] is named twice, got <value>; name another zone": ["eu-west-1b"],
    "regions[0].zones[2] must be a zone such as eu-west-1a, got <value>; change it": [
      "eu-west-1-lon-1a",
      "eu-west-1-wl1-lon-wlz-1",
      "euw1-az3",
      "eu-west-1",
      "EU-WEST-1C",
      "c",
    ],
    "regions[0].zones[2] must be of type string, got <value>; change it, without quotes if it is a number": [null],
  });

  refuses("regions[0].zones", {
    "regions[0].zones must be at least 2 entries, got <value>; raise it": [["eu-west-1a"], []],
    "regions[0].zones must be of type array, got <value>; change it, without quotes if it is a number": ["eu-west-1a"],
  });

  refuses("regions[0]", {
    "regions[0].zones must be at most the 2 that an account has in us-west-1, got 3; remove one": [
      { name: "us-west-1", cidr: "10.16.0.0/16", zones: ["us-west-1a", "us-west-1b", "us-west-1c"] },
    ],
    'regions[0].zones[2] must be a zone of ca-central-1, which has a, b, d, got "ca-central-1c"; name one of these, or add a newer zone to stacks/config/aws-regions.ts':
      [{ name: "ca-central-1", cidr: "10.16.0.0/16", zones: ["ca-central-1a", "ca-central-1b", "ca-central-1c"] }],
    'regions[0].zones[2] must be a zone of us-west-2, which has a, b, c, d, got "us-west-2e"; name one of these, or add a newer zone to stacks/config/aws-regions.ts':
      [{ name: "us-west-2", cidr: "10.16.0.0/16", zones: ["us-west-2a", "us-west-2b", "us-west-2e"] }],
    'regions[0].zones[2] must be a zone of us-east-1, which has a, b, c, d, e, f, got "us-east-1g"; name one of these, or add a newer zone to stacks/config/aws-regions.ts':
      [{ name: "us-east-1", cidr: "10.16.0.0/16", zones: ["us-east-1a", "us-east-1b", "us-east-1g"] }],
  });

  refuses("regions", {
    "regions must be at least 1 entries, got <value>; raise it": [[]],
    "regions must be of type array, got <value>; change it, without quotes if it is a number": [{}],
  });

  refuses("regions[0].cidr", {
    'regions[0].cidr cannot be used: IPv4 block <value>: host bits must be zero; write "10.16.0.0/16" or use a longer prefix':
      ["10.16.0.1/16"],
    "regions[0].cidr cannot be used: IPv4 block <value>: AWS takes prefixes /16 to /28, got /15; choose another size": [
      "10.16.0.0/15",
    ],
    'regions[0].cidr cannot be used: IPv4 block <value>: host bits must be zero; write "10.0.0.0/8" or use a longer prefix':
      ["10.16.0.0/8"],
    "regions[0].cidr cannot be used: IPv4 block <value>: AWS takes prefixes /16 to /28, got /29; choose another size": [
      "10.16.0.0/29",
    ],
    "regions[0].cidr cannot be used: VPC <value>: too small for 3 zones, each private subnet needs 64 free addresses (/25) and would get /32; use a block of /21 or larger":
      ["10.16.0.0/28"],
    "regions[0].cidr cannot be used: VPC <value>: too small for 3 zones, each private subnet needs 64 free addresses (/25) and would get /28; use a block of /21 or larger":
      ["10.16.0.0/24"],
    "regions[0].cidr cannot be used: IPv4 block <value>: AWS takes prefixes /16 to /28, got /0; choose another size": [
      "0.0.0.0/0",
    ],
    "regions[0].cidr cannot be used: VPC <value>: the block must be private address space, within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16; choose one there":
      [
        "0.0.0.0/16",
        "127.0.0.0/16",
        "169.254.0.0/16",
        "224.0.0.0/16",
        "240.0.0.0/16",
        "100.64.0.0/16",
        "198.18.0.0/16",
        "8.8.0.0/16",
        "172.32.0.0/16",
      ],
    'regions[0].cidr cannot be used: IPv4 block <value>: must be four numbers 0-255 and a prefix, without leading zeros; write it like "10.0.0.0/16"':
      ["10.016.0.0/16", "10.256.0.0/16", "10.16.0.0", "10.16.0.0/", "fd00::/16", " 10.16.0.0/16"],
    "regions[1].cidr overlaps regions[0].cidr (10.24.0.0/16), got <value>; choose a block of its own": ["10.24.0.0/16"],
  });

  refuses("regions[0].machineImage", {
    "regions[0].machineImage must be an image of the region such as ami-0123456789abcdef0, with 8 or 17 hex digits, got <value>; change it":
      [
        "ami-123456789",
        "ami-0123456789abcdef",
        "ami-0123456789abcdef01",
        "ami-0123456",
        "ami-0123456789ABCDEF0",
        "ami-g1234567",
        "0123456789abcdef0",
        "",
      ],
  });
});
