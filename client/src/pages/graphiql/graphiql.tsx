export { Laboratory as Component } from "./Laboratory";
