import type { Carrier } from "./FileUpload";

/** One part by PUT. XMLHttpRequest, because `fetch` does not tell how much has left. */
export const sendPart: Carrier["send"] = (part, bytes, headers, onBytes, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", part.url);
    for (const { name, value } of headers) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded }) => onBytes(loaded));
    request.addEventListener("load", () => {
      if (request.status < 300) resolve();
      else reject(new Error(`part ${part.number} was answered with ${request.status}`));
    });
    request.addEventListener("error", () => reject(new Error("The connection broke.")));
    request.addEventListener("abort", () => reject(new Error("stopped")));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(bytes);
  });

/** Waits that long, and for as long as the browser is offline; a stop ends it. */
export const rest: Carrier["rest"] = (ms, signal) =>
  new Promise((resolve) => {
    const over = () => {
      if (navigator.onLine) resolve();
      else window.addEventListener("online", () => resolve(), { once: true });
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
