import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { session } from "./api/session";
import { App } from "./shell/App";
import "./shell/theme";
import "./styles.css";

session.refresh();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
