import { Compile, parse } from "velocityjs";
import { callMethod } from "./java-methods";
import { areEqual, isTrue, printed } from "./java-values";

/** The part of velocityjs that is changed; its types do not say that one class has all of these methods. */
interface Engine {
  render(context: Record<string, unknown>, macros: undefined, silent: boolean): string;
  getReferences(ast: unknown, isPrinted?: boolean): unknown;
  getExpression(ast: Expression): unknown;
  getBlockIf(block: readonly Expression[]): string;
}

interface Expression {
  readonly type: string;
  readonly operator?: string;
  readonly expression?: readonly Expression[];
  readonly condition?: Expression;
}

const Base = Compile as unknown as new (asts: unknown, config: object) => Engine;
/** The methods of Java's values instead of those that velocityjs makes of JavaScript's. */
const methodHandlers = [
  {
    uid: "java",
    match: () => true,
    resolve: ({ context, property, params }: { context: unknown; property: string; params: unknown[] }) =>
      callMethod(context, property, params),
  },
];

/** velocityjs where it differs from Java's Velocity: what values print, what is equal or true, division of integers. */
class JavaVelocity extends Base {
  override getReferences(ast: unknown, isPrinted = false): unknown {
    const value = super.getReferences(ast, false);
    return isPrinted ? printed(value) : value;
  }

  override getExpression(ast: Expression): unknown {
    if (ast.type !== "math") return super.getExpression(ast);
    const value = (at: number) => this.getExpression(ast.expression![at]!);
    switch (ast.operator) {
      case "truth":
        return isTrue(value(0));
      case "not":
        return !isTrue(value(0));
      case "&&":
        return isTrue(value(0)) && isTrue(value(1));
      case "||":
        return isTrue(value(0)) || isTrue(value(1));
      case "==":
        return areEqual(value(0), value(1));
      case "!=":
        return !areEqual(value(0), value(1));
      case "/": {
        const [a, b] = [Number(value(0)), Number(value(1))];
        return Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b;
      }
      default:
        return super.getExpression(ast);
    }
  }

  override getBlockIf(block: readonly Expression[]): string {
    return super.getBlockIf(
      block.map((part) =>
        part.condition === undefined
          ? part
          : { ...part, condition: { type: "math", operator: "truth", expression: [part.condition] } },
      ),
    );
  }
}

const parsedTemplates = new Map<string, unknown>();

/**
 * Renders a template of the Velocity Template Language. What has no value prints nothing.
 * @param variables  by name; templates can change what is in them
 * @throws {Error} on a template that cannot be parsed, or that calls a method which the local gateway does not have
 */
export function renderVelocity(template: string, variables: Record<string, unknown>): string {
  let asts = parsedTemplates.get(template);
  if (asts === undefined) {
    asts = parse(template);
    parsedTemplates.set(template, asts);
  }
  return new JavaVelocity(asts, { customMethodHandlers: methodHandlers }).render(variables, undefined, true);
}
