import { render } from "preact";
import { App } from "./app";
import { Live } from "./live";

const live = new Live();
live.connect();
render(<App live={live} />, document.getElementById("app")!);
