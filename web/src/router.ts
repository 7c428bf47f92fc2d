import { createRouter, createWebHistory } from "vue-router";

import type { Permission } from "./gql/graphql";
import { base } from "./lib/base";

declare module "vue-router" {
  interface RouteMeta {
    title: string;
    /** The permission without which the page is of no use; its link is absent then. */
    requires?: Permission;
    /** Whether the page needs an account. */
    signedIn?: boolean;
  }
}

export const router = createRouter({
  history: createWebHistory(base),
  routes: [
    { path: "/", component: () => import("./pages/HomePage.vue"), meta: { title: "Portcullis" } },
    { path: "/sign-in", component: () => import("./pages/SignInPage.vue"), meta: { title: "Sign in" } },
    { path: "/register", component: () => import("./pages/RegisterPage.vue"), meta: { title: "Register" } },
    { path: "/match", component: () => import("./pages/MatchPage.vue"), meta: { title: "Match", requires: "MATCH_RESUME" } },
    { path: "/rank", component: () => import("./pages/RankPage.vue"), meta: { title: "Rank", requires: "MATCH_RESUME" } },
    { path: "/jobs", component: () => import("./pages/JobsPage.vue"), meta: { title: "Jobs", requires: "READ_JOBS" } },
    { path: "/predict", component: () => import("./pages/PredictPage.vue"), meta: { title: "Predict", requires: "PREDICT" } },
    { path: "/models", component: () => import("./pages/ModelsPage.vue"), meta: { title: "Models", requires: "READ_MODELS" } },
    { path: "/explore", component: () => import("./pages/ExplorePage.vue"), meta: { title: "Explore" } },
    { path: "/account", component: () => import("./pages/AccountPage.vue"), meta: { title: "Account", signedIn: true } },
    { path: "/admin/users", component: () => import("./pages/UsersPage.vue"), meta: { title: "Users", requires: "READ_USERS" } },
    { path: "/admin/users/:id", component: () => import("./pages/UserPage.vue"), meta: { title: "User", requires: "READ_USERS" } },
    { path: "/admin/roles", component: () => import("./pages/RolesPage.vue"), meta: { title: "Roles", requires: "MANAGE_ROLES" } },
    { path: "/admin/audit", component: () => import("./pages/AuditPage.vue"), meta: { title: "Audit", requires: "READ_AUDIT" } },
    { path: "/:path(.*)*", component: () => import("./pages/NotFoundPage.vue"), meta: { title: "Page not found" } },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.afterEach((to) => {
  document.title = to.meta.title === "Portcullis" ? "Portcullis" : `${to.meta.title} · Portcullis`;
});
