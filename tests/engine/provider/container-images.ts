/** The container images in the cloud's repositories, whose tags are immutable. */
export class ContainerImages {
  /** Copies from other registries, oldest first. */
  readonly copied: { readonly from: string; readonly to: string }[] = [];
  /** Images that a provider has deleted. */
  readonly deleted: string[] = [];
  private readonly pushed = new Map<string, string[]>();
  /** Tag that each component's image has, by the component's name: its child resource moves with it to another stack. */
  private readonly current = new Map<string, string>();

  /** Returns the tags of a repository, oldest first. */
  tagsIn(repository: string): readonly string[] {
    return this.pushed.get(repository) ?? [];
  }

  /** Returns the tags of every repository. */
  all(): (readonly string[])[] {
    return [...this.pushed.values()];
  }

  /**
   * Pushes the image of a component, as awsx does when the image's tag differs from the one before.
   * @throws {Error} in ECR's words, when the repository has the tag
   */
  push(component: string, repositoryUrl: string, tag: string): void {
    const repository = repositoryUrl.slice(repositoryUrl.indexOf("/") + 1);
    const key = `${component.slice(component.lastIndexOf("::") + 2)} ${repository}`;
    if (this.current.get(key) === tag) return;
    const tags = this.tagsIn(repository);
    if (tags.includes(tag)) {
      throw new Error(
        `tag invalid: The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the repository is immutable.`,
      );
    }
    this.pushed.set(repository, [...tags, tag]);
    this.current.set(key, tag);
  }
}
