import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";

/** The built app: a folder of files, the same for every environment. */
export interface WebAssets {
  /** Folder, relative to the project root. */
  readonly directory: string;
  /** Paths of its files, with forward slashes. @example ["index.html", "assets/index-Chj3HgTr.js"] */
  readonly files: readonly string[];
}

/** The file that a deployment writes. */
const settingsFile = "config.json";

/** A file name's hash never comes again with other contents. */
const immutable = "public, max-age=31536000, immutable";
/** A browser asks each time, CloudFront once a minute: a deployment is seen within a minute, without an invalidation. */
const shortLived = "public, max-age=0, s-maxage=60, must-revalidate";

const contentTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Arguments of `createSiteObjects`. */
export interface SiteObjectsArgs {
  readonly bucket: pulumi.Input<string>;
  readonly assets: WebAssets;
  /** What the app is told about its environment, as JSON. */
  readonly config: pulumi.Input<string>;
}

/**
 * Makes the objects of the app in one bucket. The page comes last, when all that it loads is there; files of the app before
 * stay, for pages that were loaded before the deployment.
 */
export function createSiteObjects(
  name: string,
  { bucket, assets, config }: SiteObjectsArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const shared = { bucket, serverSideEncryption: "AES256", checksumAlgorithm: "SHA256" };
  const roles = rolesOf(assets.files);
  const upload = (file: string, more: pulumi.CustomResourceOptions) =>
    new s3.BucketObjectv2(
      `${name}-${roles.get(file)}`,
      {
        ...shared,
        key: file,
        source: new pulumi.asset.FileAsset(`${assets.directory}/${file}`),
        contentType: contentTypeOf(file),
        cacheControl: hasHash(file) ? immutable : shortLived,
      },
      { ...opts, ...more },
    );
  const uploaded = assets.files.filter(hasHash).map((file) => upload(file, { retainOnDelete: true }));
  const settings = new s3.BucketObjectv2(
    `${name}-${settingsFile}`,
    { ...shared, key: settingsFile, content: config, contentType: "application/json", cacheControl: shortLived },
    opts,
  );
  for (const file of assets.files.filter((each) => !hasHash(each))) {
    upload(file, { dependsOn: [...uploaded, settings] });
  }
}

function hasHash(file: string): boolean {
  return file.startsWith("assets/");
}

/**
 * Returns the role of each file: its name without folder and hash, so that a new version is the same resource with another
 * key. Of files that have one name, all but the first have a number, too.
 * @example rolesOf(["assets/index-Chj3HgTr.js", "assets/index-DxP4rT0a.js"]) // "index.js" and "index.js-2", by file
 */
export function rolesOf(files: readonly string[]): ReadonlyMap<string, string> {
  const counts = new Map([[settingsFile, 1]]);
  const roles = [...files].sort().map((file) => {
    const role = roleOf(file);
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    return [file, count === 1 ? role : `${role}-${count}`] as const;
  });
  return new Map(roles);
}

/** @example roleOf("assets/index-Chj3HgTr.js") // "index.js" */
function roleOf(file: string): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return hasHash(file) ? name.replace(/-[\w-]{8}(?=\.\w+$)/, "") : name;
}

/** @throws {Error} for a file whose type the list does not have */
function contentTypeOf(file: string): string {
  const type = contentTypes[file.slice(file.lastIndexOf(".") + 1)];
  if (type === undefined) throw new Error(`the web app has ${file}, whose content type is not known; add it here`);
  return type;
}
