// Whether the dialog is open in which a person whose session has ended signs in again, without leaving the page.
import { ref } from "vue";

export const isSignInOpen = ref(false);
