import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { Button } from "./Button";
import { toasts } from "./toast";

/** The corner where short notes appear; read aloud as they come. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={toasts} timeout={6_000}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-20 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { toasts: shown } = Toast.useToastManager();
  return shown.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="rounded-md border border-line bg-surface p-3 shadow-lg data-[type=problem]:border-bad"
    >
      <Toast.Content className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-medium" />
          <Toast.Description className="text-soft" />
          {toast.actionProps && <Toast.Action render={<Button className="mt-2" />} />}
        </div>
        <Toast.Close
          render={
            <Button look="quiet" aria-label="Close the note" className="px-1">
              <X aria-hidden="true" className="size-4" />
            </Button>
          }
        />
      </Toast.Content>
    </Toast.Root>
  ));
}
