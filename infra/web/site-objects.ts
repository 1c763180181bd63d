import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";

/** The built app: a folder of files, the same for every environment. */
export interface WebAssets {
  /** Folder, relative to the project root. */
  readonly directory: string;
  /** Paths of its files, with forward slashes. @example ["index.html", "assets/index-Chj3HgTr.js"] */
  readonly files: readonly string[];
}

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
  const upload = (file: string, more: pulumi.CustomResourceOptions) =>
    new s3.BucketObjectv2(
      `${name}-${roleOf(file)}`,
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
    `${name}-config.json`,
    { ...shared, key: "config.json", content: config, contentType: "application/json", cacheControl: shortLived },
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
 * Returns a file's name without folder and hash: a new version is the same resource with another key.
 * @example roleOf("assets/index-Chj3HgTr.js") // "index.js"
 */
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
