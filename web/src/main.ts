import "./styles/tokens.css";
import "./styles/base.css";

import { createApp } from "vue";

import App from "./App.vue";
import { start } from "./api/session";
import { watchFailures } from "./pageFailure";
import { router } from "./router";

// Browsers resolve the address of the icon again on each page, and it is relative to the first one.
const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
icon?.setAttribute("href", icon.href);

watchFailures(router);
void start();
createApp(App).use(router).mount("#app");
