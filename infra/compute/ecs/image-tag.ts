/** A tag as `imageTag` writes it: the start of the artifact's hash, and the number of the push. */
const tagExpression = /^(?<hash>[0-9a-f]{12})-(?<push>\d+)$/;

/**
 * Returns the tag of an artifact's image: that of the newest image in the repository if it was built from the same
 * artifact, otherwise a tag that was never used. The hash alone would be pushed a second time when a deployment returns
 * to an earlier artifact, and ECR refuses that in a repository of immutable tags, even for the same image.
 * @param hash  hash of the artifact, hex, 12 characters or more
 * @param tags  all tags of the repository, in any order; tags of another form count for nothing
 * @example imageTag("aaaaaaaaaaaa", []) // "aaaaaaaaaaaa-1"
 * @example imageTag("aaaaaaaaaaaa", ["aaaaaaaaaaaa-1"]) // "aaaaaaaaaaaa-1"
 * @example imageTag("aaaaaaaaaaaa", ["aaaaaaaaaaaa-1", "bbbbbbbbbbbb-2"]) // "aaaaaaaaaaaa-3"
 * @see https://github.com/aws/containers-roadmap/issues/2380
 */
export function imageTag(hash: string, tags: readonly string[]): string {
  const pushes = tags
    .map((tag) => tagExpression.exec(tag)?.groups)
    .filter((groups) => groups !== undefined)
    .map((groups) => ({ hash: groups["hash"], push: Number(groups["push"]) }))
    .sort((one, other) => one.push - other.push);
  const newest = pushes.at(-1);
  const own = hash.slice(0, 12);
  const push = newest?.hash === own ? newest.push : (newest?.push ?? 0) + 1;
  return `${own}-${push}`;
}
