// For commands, which import no component.
export { secretName } from "../../infra/naming/secret-name";
